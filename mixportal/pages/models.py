import pgtrigger
from django.db import models
from django.db.models.expressions import RawSQL

from members.models import Government, Office, Seal
from mixportal.editions.models import Edition, Entry, Erratum, Lineage
from mixportal.notes.models import Endorsement, Note
from mixportal.pages.triggers import CHANGES_PUBLIC_PAGES, RAISES_PAGE_VERSION
from mixportal.results.models import Tally
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from priorities.models import Investment

# Ballots and hindrances cannot change once a visitor may see them.
MODELS_ON_PUBLIC_PAGES = (
    Edition, Erratum, Entry, Lineage, Tally, Note, Endorsement, OutsideSeries, OutsideList, OutsideItem, Investment,
    Government, Office, Seal,
)  # fmt: skip

for model in MODELS_ON_PUBLIC_PAGES:
    pgtrigger.register(CHANGES_PUBLIC_PAGES)(model)


class PageVersion(models.Model):
    number = models.BigIntegerField()

    class Meta:
        db_table = "portal_pageversion"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        return cls.objects.values_list("number", flat=True).first() or 0


PAGE_VERSION = {"page_version": RawSQL("SELECT number FROM portal_pageversion", [], models.BigIntegerField())}


class PageChange(models.Model):
    transaction = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "portal_pagechange"
        triggers = (RAISES_PAGE_VERSION,)

    def __str__(self) -> str:
        return str(self.transaction)
