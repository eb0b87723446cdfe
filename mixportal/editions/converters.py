from mixportal.editions.kinds import Kind


class YearConverter:
    """The first part of an edition's addresses: four digits, so that no other page can be mistaken for a year."""

    regex = r"[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class KindConverter:
    """The second part of the addresses of a list: priorities or challenges."""

    regex = "priorities|challenges"

    def to_python(self, value: str) -> Kind:
        return Kind(value)

    def to_url(self, value: str) -> str:
        return str(value)
