from django.db import models
from django.urls.converters import IntConverter, StringConverter


class Kind(models.TextChoices):
    PRIORITIES = "priorities", "priorities"
    CHALLENGES = "challenges", "challenges"

    @property
    def singular(self) -> str:
        return "priority" if self is Kind.PRIORITIES else "challenge"

    @property
    def plural(self) -> str:
        return self.value

    @property
    def forms(self) -> str:
        return f"{self.singular},{self.plural}"

    @property
    def heading(self) -> str:
        return self.value.capitalize()

    @property
    def for_leaders_heading(self) -> str:
        return "What it involves" if self is Kind.PRIORITIES else "What leaders can do"

    @property
    def summary_heading(self) -> str:
        return "The priorities, in order" if self is Kind.PRIORITIES else "What stands in the way"

    @property
    def hindrances_heading(self) -> str:
        return "What’s in the way" if self is Kind.PRIORITIES else "What it hinders"

    @property
    def first_words(self) -> str:
        return "comes first" if self is Kind.PRIORITIES else "is the most pressing"


class YearConverter(IntConverter):
    regex = "[12][0-9]{3}"


class KindConverter(StringConverter):
    regex = "priorities|challenges"

    def to_python(self, value: str) -> Kind:
        return Kind(value)
