"""The result as text for a terminal: what `tally FILE` prints. A pure function of the result."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from .words import between, place_words, share_words

WIDTH = 100
MAX_NAME = 34
MAX_PAIRS = 5


def table(result: dict[str, Any]) -> str:
    """Lay out a result of count.count, or of recount.recount, which has fewer columns."""
    sections = [_heading(result), _rows(result), *_sentences(result)]
    return "\n\n".join(section for section in sections if section) + "\n"


def _heading(result: dict[str, Any]) -> str:
    m, used = len(result["alternatives"]), result["used"]
    if "ballots" not in result:
        return _wrapped(f"Counted again from head-to-heads: {m} alternatives, {used:,} used ballots.")
    without = result["abstentions"]
    blank = f", {without:,} without any preference (abstained)" if without else ""
    return _wrapped(f"{m} alternatives, {result['ballots']:,} ballots: {used:,} used{blank}.")


def _rows(result: dict[str, Any]) -> str:
    items = result["order"]
    used = result["used"]
    columns: list[tuple[str, list[str]]] = [
        ("Place", [place_words(result["place"][item], result["joint"][item]) for item in items]),
        ("Alternative", [_name(result["alternatives"][item]) for item in items]),
        ("Average", [_number(result["average_place"][item]) for item in items]),
    ]
    if "top3" in result and used:
        columns += [
            ("Middle half", [between(result["q1"][item], result["q3"][item]) for item in items]),
            ("Top three", [f"{result['top3'][item]:,}" for item in items]),
            ("Ranked by", [f"{result['ranked_by'][item]:,}" for item in items]),
        ]
        if any(result["word"]):
            columns.append(("Agreement", [result["word"][item] or "" for item in items]))
    if result.get("bands"):
        within = [between(result["interval_low"][item], result["interval_high"][item]) for item in items]
        columns.insert(3, ("95 % within", within))
        columns.insert(0, ("", _brackets(result["bands"])))
    right = {"Average", "Top three", "Ranked by"}
    lines = []
    widths = [max(len(title), *map(len, cells)) for title, cells in columns]
    for row in zip(*([title, *cells] for title, cells in columns), strict=True):
        titled = zip(columns, row, widths, strict=True)
        cells = [f"{cell:>{w}}" if title in right else f"{cell:<{w}}" for (title, _), cell, w in titled]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _sentences(result: dict[str, Any]) -> list[str]:
    if not result["used"]:
        return ["No ballot prefers anything to anything, so there is nothing to put in order."]
    sections = [_how_to_read(result), _agreement(result), _head_to_head(result), _kemeny(result)]
    return [_wrapped(section) for section in sections if section]


def _how_to_read(result: dict[str, Any]) -> str:
    m = len(result["alternatives"])
    text = f"Average: the mean place on {result['used']:,} ballots, from 1 to {m}; what a ballot leaves blank shares "
    text += "the places below."
    if "q1" in result:
        text += " Middle half: where the middle half of them place it. Top three, ranked by: how many of them do."
    if result.get("bands"):
        text += f" 95 % within: the places it takes in 95 % of {result['resamples']:,} resamples (seed "
        text += f"{result['seed']}), each alternative by itself. A bracket joins what is too close to tell apart."
    return text


def _agreement(result: dict[str, Any]) -> str:
    text = ""
    if result.get("agreement_word"):
        text = f"Agreement over the whole list: {result['agreement_word']} (Kendall's W {result['kendall_w']:.2f}, "
        text += f"mean tau-b {result['mean_tau_b']:.2f}). "
    if result["same_order_share"] is not None:
        text += "Two ballots chosen at random put two alternatives in the same order "
        text += f"{share_words(result['same_order_share'])} of the time, where both order them."
    return text


def _head_to_head(result: dict[str, Any]) -> str:
    names, support = result["alternatives"], result["support"]
    winner = result["condorcet_winner"]
    text = "Head-to-head: "
    text += f"{winner} beats every other alternative." if winner else "no alternative beats every other."
    pairs = result["against_head_to_head"]
    if not pairs:
        return text + " No pair contradicts the order above."
    parted = [f"{names[j]} over {names[i]} ({support[j][i]:,} to {support[i][j]:,})" for i, j in pairs[:MAX_PAIRS]]
    return f"{text} Pairs that go against the order above: {', '.join(parted)}{_more(pairs)}."


def _kemeny(result: dict[str, Any]) -> str:
    kemeny, names = result["kemeny"], result["alternatives"]
    if kemeny["not_computed"]:
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


def _name(name: str) -> str:
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…"


def _number(average: float | None) -> str:
    return "" if average is None else f"{average:.2f}"


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
