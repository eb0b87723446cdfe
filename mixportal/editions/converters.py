class YearConverter:
    """The first part of an edition's addresses: four digits, so that no other page can be mistaken for a year."""

    regex = r"[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
