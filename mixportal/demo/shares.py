from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from members.models import Government
from mixportal.demo.world import World
from mixportal.editions.models import Edition
from mixportal.summaries.share_links import ShareLink

# label, age in days, days it is valid, days since its last use
SHARE_LINKS = (
    ("County commissioners, budget workshop", 6, 30, 1),
    ("Citizens’ technology board", 71, 30, 52),  # expired
)


def enter_shares(world: World, edition: Edition, now: datetime) -> None:
    government = Government.objects.get(slug=world.government_a.slug)
    member = government.people.get(role="member")
    ShareLink.objects.bulk_create(
        ShareLink(
            government=government,
            edition=edition,
            token_sha256=hashlib.sha256(secrets.token_bytes()).hexdigest(),
            label=label,
            created_by=member,
            created_at=now - timedelta(days=made),
            expires_at=now - timedelta(days=made - good_for),
            last_used_at=now - timedelta(days=used),
        )
        for label, made, good_for, used in SHARE_LINKS
    )
