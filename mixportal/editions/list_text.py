"""Reads a year's list of priorities and challenges, pasted or CSV: pure functions, no Django.

What cannot be read, or could be read in two ways, is refused with the numbers of the lines (ListRefused).
"""

import codecs

from mixportal.editions.list_csv import delimiter, read_csv
from mixportal.editions.list_pasted import read_pasted
from mixportal.editions.listed import MAX_BYTES, ListedEntry, ListRefused, Problem, cleaned

__all__ = [
    "MAX_BYTES",
    "ListRefused",
    "ListedEntry",
    "Problem",
    "decode",
    "read_csv",
    "read_list",
    "read_pasted",
]


def read_list(text: str) -> tuple[ListedEntry, ...]:
    """The entries in the order of the text, which is a CSV if it begins with a header. Raises ListRefused."""
    return read_csv(text) if delimiter(cleaned(text)) else read_pasted(text)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark; drops that. Raises ListRefused."""
    if len(data) > MAX_BYTES:
        raise ListRefused([Problem(0, f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")])
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "UTF-16" if is_wide else "UTF-8"
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if is_wide else data.count(b"\n", 0, error.start) + 1
        reason = f"This is not {encoding} text. Save the list as plain text or CSV in UTF-8."
        raise ListRefused([Problem(line, reason)]) from None
    cleaned(text)  # refuses what no editor should have saved
    return text
