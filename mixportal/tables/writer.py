"""The one writer of CSV that every export uses."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse

# A spreadsheet takes a cell that begins like this for a formula (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(cell: object) -> object:
    """The cell as text that no spreadsheet runs; numbers stay numbers, None is blank. `original` undoes it."""
    if cell is None:
        return ""
    if isinstance(cell, str) and _looks_like_a_formula(cell):
        return f"'{cell}"
    return cell


def original(cell: str) -> str:
    """The cell as it was before `neutral`."""
    return cell[1:] if cell.startswith("'") and _looks_like_a_formula(cell) else cell


def _looks_like_a_formula(cell: str) -> bool:
    """Behind apostrophes as well, so that what was neutral already can be told from what was made so."""
    return cell.lstrip(" \n'").startswith(FORMULA_STARTS)


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file named `name`: UTF-8, one header row, formulas neutralised."""
    response = HttpResponse(csv_text(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The same as text, for a file among others."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([neutral(cell) for cell in header])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue()


def zip_response(name: str, files: Mapping[str, str]) -> HttpResponse:
    """A zip file named `name` of text files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
