import re
import unicodedata
from collections.abc import Sequence

from mixportal.consensus.words import ordinal

_CARDINALS = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_INVISIBLE = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def ordinal_word(number: int) -> str:
    return _ORDINALS[number] if 0 < number < len(_ORDINALS) else ordinal(number)


def spelled(number: int) -> str:
    return _CARDINALS[number] if 0 <= number < len(_CARDINALS) else str(number)


def without_invisible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def counted(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"


def listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def full_sentence(text: str) -> str:
    is_ended = text.rstrip("\"'”’)").endswith((".", "!", "?", "…"))
    return sentence(text) if is_ended else f"{sentence(text)}."
