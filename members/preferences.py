"""Which mails somebody wants."""

from __future__ import annotations


class GetsMail:
    """What a User can say of the mails it wants."""

    def wants(self, kind: str) -> bool:
        return True

    def unsubscribe_address(self, kind: str) -> str:
        """A whole address that ends this kind of mail by one POST; "" where it cannot end."""
        return ""
