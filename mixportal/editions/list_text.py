"""Read a year's list of priorities and challenges, pasted or CSV.

Raise ListError with line numbers for text that cannot be read or is ambiguous.
"""

import codecs

from mixportal.editions.list_csv import delimiter, read_csv
from mixportal.editions.list_entries import MAX_BYTES, ListedEntry, ListError, Problem, clean_text
from mixportal.editions.list_pasted import read_pasted

__all__ = [
    "MAX_BYTES",
    "ListError",
    "ListedEntry",
    "Problem",
    "decode",
    "read_csv",
    "read_list",
    "read_pasted",
]


def read_list(text: str) -> tuple[ListedEntry, ...]:
    return read_csv(text) if delimiter(clean_text(text)) else read_pasted(text)


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark. Raises ListError."""
    if len(data) > MAX_BYTES:
        raise ListError([Problem(0, f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")])
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "UTF-16" if is_wide else "UTF-8"
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if is_wide else data.count(b"\n", 0, error.start) + 1
        reason = f"This is not {encoding} text. Save the list as plain text or CSV in UTF-8."
        raise ListError([Problem(line, reason)]) from None
    clean_text(text)  # raises ListError for control characters
    return text
