from django.urls.converters import IntConverter, StringConverter

from mixportal.editions.kinds import Kind


class YearConverter(IntConverter):
    regex = "[12][0-9]{3}"


class KindConverter(StringConverter):
    regex = "priorities|challenges"

    def to_python(self, value: str) -> Kind:
        return Kind(value)
