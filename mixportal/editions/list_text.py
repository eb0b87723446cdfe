"""Read a year's list of priorities and challenges, pasted or CSV.

Raise TableError with line numbers for text that cannot be read or is ambiguous.
"""

from mixportal.editions.list_csv import delimiter, read_csv
from mixportal.editions.list_entries import ListedEntry, clean_text
from mixportal.editions.list_pasted import read_pasted


def read_list(text: str) -> tuple[ListedEntry, ...]:
    return read_csv(text) if delimiter(clean_text(text)) else read_pasted(text)
