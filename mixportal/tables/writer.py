import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse

# A spreadsheet runs such a cell as a formula (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def escape_formula(cell: object) -> object:
    if cell is None:
        return ""
    if isinstance(cell, str) and _looks_like_a_formula(cell):
        return f"'{cell}"
    return cell


def unescape_formula(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _looks_like_a_formula(cell) else cell


def _looks_like_a_formula(cell: str) -> bool:
    # so that a cell that had an apostrophe before comes back unchanged
    return cell.lstrip(" \n'").startswith(FORMULA_STARTS)


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    response = HttpResponse(csv_text(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    text.write("\ufeff")  # so that Excel reads UTF-8
    writer = csv.writer(text)
    writer.writerow([escape_formula(cell) for cell in header])
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue()


def zip_response(name: str, files: Mapping[str, str]) -> HttpResponse:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
