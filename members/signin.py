"""How the portal finds the person behind a session."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from members.models import User


class PeopleBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """With the government, which every page's masthead names; None for somebody deactivated."""
        user = User.objects.select_related("government").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
