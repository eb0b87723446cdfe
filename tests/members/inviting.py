"""Invitations as people get them: a link out of the mail in the outbox."""

from __future__ import annotations

import re

from members.invitations import Invitation
from mixportal.mail.models import Mail


def link_in(mail: Mail) -> str:
    """The path of the one invitation link that the mail holds, in both its forms."""
    [found] = set(re.findall(r"https?://[^/]+(/account/invitation/[^/\s]+/)", mail.text))
    assert found in mail.html
    return found


def newest_link(to: str) -> str:
    return link_in(Mail.objects.filter(kind="invitation", to__iexact=to).latest("pk"))


def invite(
    world, email: str = "nora@new.example", role: str = "delegate", by=None, government=None, name: str = ""
) -> str:
    """Invites somebody, to Port Merrow by its member where nothing else is said; the link that was mailed."""
    Invitation.objects.invite(government or world.port, role, email, by=by or world.member_a, name=name)
    return newest_link(email)
