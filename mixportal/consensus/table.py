from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from textwrap import fill

from .count import CountResult
from .words import share_words

WIDTH = 100
MAX_NAME = 32
MAX_PAIRS = 5


def table(result: CountResult) -> str:
    sections = [_heading(result), _rows(result), *_sentences(result)]
    return "\n\n".join(section for section in sections if section) + "\n"


def _heading(result: CountResult) -> str:
    m, used = len(result["alternatives"]), result["used"]
    if "ballots" not in result:
        return _wrapped(f"Counted again from head-to-heads: {_many(m, 'alternative')}, {_many(used, 'used ballot')}.")
    without = result["abstentions"]
    blank = f", {without:,} without any preference (abstained)" if without else ""
    return _wrapped(f"{_many(m, 'alternative')}, {_many(result['ballots'], 'ballot')}: {used:,} used{blank}.")


def _rows(result: CountResult) -> str:
    items = result["order"]

    def cells(figures: Sequence[str | float | None]) -> list[str]:
        return [_cell(figures[item]) for item in items]

    def spans(low: Sequence[float | None], high: Sequence[float | None]) -> list[str]:
        return [_span(floor(low[item] or 0), ceil(high[item] or 0)) for item in items]

    places = [f"{result['place'][item]}{'=' if result['joint'][item] else ' '}" for item in items]
    averages = cells(result["average_place"])
    columns = [
        ("Place", places),
        ("Alternative", cells(result["alternatives"])),
        ("Average", averages),
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


def _sentences(result: CountResult) -> list[str]:
    if not result["used"]:
        return ["No ballot prefers anything to anything, so there is nothing to put in order."]
    sections = [_how_to_read(result), _agreement(result), _head_to_head(result), _kemeny(result)]
    return [_wrapped(section) for section in sections if section]


def _how_to_read(result: CountResult) -> str:
    m = len(result["alternatives"])
    text = f"Average: the mean place on {result['used']:,} ballots, from 1 to {m}; what a ballot leaves blank "
    text += "shares the places below."
    if any(result["joint"]):
        text += " =: joint place."
    if result.get("bands"):
        text += f" In 95 %: the places it takes in 95 % of {result['resamples']:,} resamples, each alternative by "
        text += f"itself (seed {result['seed']}; with another seed the places differ a little); "
        text += "a bracket joins what is too close to tell apart. The foot of a published list's page names the seed "
        text += "that gives its brackets: add --seed and that number."
    if "q1" in result:
        text += " Half at: where the middle half of the ballots place it. Top 3, ranked by: on how many ballots."
    return text


def _agreement(result: CountResult) -> str:
    text = ""
    if result.get("agreement_word"):
        text = f"Agreement over the whole list: {result['agreement_word']} (Kendall's W {result['kendall_w']:.2f}, "
        text += f"mean tau-b {result['mean_tau_b']:.2f}). "
    if result["same_order_share"] is not None:
        text += "Two ballots chosen at random put two alternatives in the same order "
        text += f"{share_words(result['same_order_share'])} of the time, where both order them."
    return text


def _head_to_head(result: CountResult) -> str:
    names, support = result["alternatives"], result["support"]
    winner = result["condorcet_winner"]
    text = "Head-to-head: "
    text += f"{winner} beats every other alternative." if winner else "no alternative beats every other."
    pairs = result["against_head_to_head"]
    if not pairs:
        return text + " No pair contradicts the order above."
    parted = [f"{names[j]} over {names[i]} ({support[j][i]:,} to {support[i][j]:,})" for i, j in pairs[:MAX_PAIRS]]
    return f"{text} Pairs that go against the order above: {', '.join(parted)}{_more(pairs)}."


def _kemeny(result: CountResult) -> str:
    kemeny, names = result["kemeny"], result["alternatives"]
    if kemeny["order"] is None:
        least, most = kemeny["score_between"]
        return f"Kemeny: not computed, as {kemeny['not_computed']}. The score is from {least:,} to {most:,}."
    order = " > ".join(names[item] for item in kemeny["order"])
    number = kemeny["n_optimal"]
    which = "the one order" if number == 1 else f"one of {number:,} orders"
    text = f"Kemeny: {which} that contradict{'s' if number == 1 else ''} the fewest comparisons "
    text += f"({kemeny['score']:,}): {order}."
    pairs = result["against_kemeny"]
    if pairs:
        parted = [f"{names[j]} over {names[i]}" for i, j in pairs[:MAX_PAIRS]]
        every = "It has" if number == 1 else "Each of them has"
        text += f" {every}, against the order above, {', '.join(parted)}{_more(pairs)}."
    return text


def _brackets(bands: list[list[int]]) -> list[str]:
    marks: list[str] = []
    for band in bands:
        marks += [" "] if len(band) == 1 else ["┌", *"│" * (len(band) - 2), "└"]
    return marks


def _more(pairs: list[list[int]]) -> str:
    return f" and {len(pairs) - MAX_PAIRS} more" if len(pairs) > MAX_PAIRS else ""


def _cell(value: str | float | None) -> str:
    match value:
        case None:
            return ""
        case str():
            return value if len(value) <= MAX_NAME else value[: MAX_NAME - 1] + "…"
        case int():
            return f"{value:,}"
        case _:
            return f"{value:.2f}"


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
