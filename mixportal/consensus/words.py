MIN_ITEMS_FOR_WORD = 8
AGREEMENT_WORDS = (
    ("little", 0, 0.1),
    ("modest", 0.1, 0.3),
    ("clear", 0.3, 0.5),
    ("strong", 0.5, 1),
)


def ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def place_words(place: int, joint: bool) -> str:
    return f"joint {ordinal(place)}" if joint else ordinal(place)


def agreement_word(kendall_w: float | None) -> str | None:
    if kendall_w is None:
        return None
    if kendall_w == 0.5:
        return "clear"
    return next((word for word, _, end in AGREEMENT_WORDS if kendall_w < end), "strong")


def item_word(polarisation: float | None, ranked_by: int, used: int, m: int) -> str | None:
    """Return the word for an item, or None for short lists.

    An item that most ballots omit would look agreed.
    """
    if polarisation is None or m < MIN_ITEMS_FOR_WORD:
        return None
    if 2 * ranked_by < used:
        return "few ranked it"
    if polarisation < 0.15:
        return "agreed"
    return "mixed" if polarisation <= 0.35 else "divided"


def share_words(share: float) -> str:
    if 0.995 <= share < 1:
        return "over 99 %"
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{round(100 * share)} %"
