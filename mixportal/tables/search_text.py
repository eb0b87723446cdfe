import re

from django.contrib.postgres.search import SearchVector
from django.db.models import Func, TextField

SEARCH_LANGUAGE = "english"
_MARK_IN_A_WORD = re.compile(r"(?<=\w)[-‐‑'’‘ʼ](?=\w)")


def joined(text: str) -> str:
    """Write Wi-Fi as WiFi and O’Brien as OBrien."""
    return _MARK_IN_A_WORD.sub("", text)


class SearchText(Func):
    """`Cañon City’s Wi-Fi` gives `Canon City’s Wi-Fi Canon Citys WiFi`."""

    output_field = TextField()
    _bare = r"regexp_replace(normalize((%(expressions)s)::text, NFKD), '[\u0300-\u036f]', '', 'g')"
    template = rf"({_bare} || ' ' || regexp_replace({_bare}, '(?<=\w)[-‐‑''’‘ʼ](?=\w)', '', 'g'))"


def search_vector(*fields: str) -> SearchVector:
    return SearchVector(*map(SearchText, fields), config=SEARCH_LANGUAGE)
