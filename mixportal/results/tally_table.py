from collections.abc import Mapping, Sequence
from math import ceil, floor
from textwrap import fill

from mixportal.consensus.count import CountResult
from mixportal.consensus.words import share_words
from mixportal.mail.models import render_text

WIDTH = 100
MAX_NAME = 32


def table(result: CountResult) -> str:
    names, support = result["alternatives"], result["support"]
    order, share = result["kemeny"]["order"], result["same_order_share"]
    context = {
        "result": result,
        "same_order": "" if share is None else share_words(share),
        "against_head_to_head": [
            (names[j], names[i], support[j][i], support[i][j]) for i, j in result["against_head_to_head"]
        ],
        "kemeny_order": None if order is None else [names[item] for item in order],
        "against_kemeny": [(names[j], names[i]) for i, j in result["against_kemeny"] or []],
    }
    heading, *sentences = wrapped("results/tally.txt", context)
    return "\n\n".join([heading, _rows(result), *sentences]) + "\n"


def wrapped(template: str, context: Mapping[str, object]) -> list[str]:
    paragraphs = (" ".join(each.split()) for each in render_text(template, context).split("\n\n"))
    return [fill(each, WIDTH, break_long_words=False, break_on_hyphens=False) for each in paragraphs if each]


def _rows(result: CountResult) -> str:
    items = result["order"]

    def cells(figures: Sequence[str | float | None]) -> list[str]:
        return [_cell(figures[item]) for item in items]

    def spans(low: Sequence[float | None], high: Sequence[float | None]) -> list[str]:
        return [_span(floor(low[item] or 0), ceil(high[item] or 0)) for item in items]

    columns = [
        ("Place", [f"{result['place'][item]}{'=' if result['joint'][item] else ' '}" for item in items]),
        ("Alternative", cells(result["alternatives"])),
        ("Average", cells(result["average_place"])),
    ]
    if bands := result.get("bands"):
        intervals = spans(result["interval_low"], result["interval_high"])
        columns = [("", _brackets(bands)), *columns, ("In 95 %", intervals)]
    if "top3" in result and result["used"]:
        columns += [
            ("Half at", spans(result["q1"], result["q3"])),
            ("Top 3", cells(result["top3"])),
            ("Ranked by", cells(result["ranked_by"])),
        ]
        if any(result["word"]):
            columns.append(("Agreement", cells(result["word"])))
    padded = []
    for title, column in columns:
        width = max(map(len, [title, *column]))
        align = str.rjust if title in ("Place", "Average", "Top 3", "Ranked by") else str.ljust
        padded.append([align(cell, width) for cell in [title, *column]])
    return "\n".join("  ".join(row).rstrip() for row in zip(*padded, strict=True))


def _brackets(bands: list[list[int]]) -> list[str]:
    return list("".join(" " if len(band) == 1 else f"┌{'│' * (len(band) - 2)}└" for band in bands))


def _cell(value: str | float | None) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    text = f"{value:,}" if isinstance(value, int) else value or ""
    return text if len(text) <= MAX_NAME else text[: MAX_NAME - 1] + "…"


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
