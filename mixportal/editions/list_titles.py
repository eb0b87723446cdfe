import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mixportal.editions.list_entries import MAX_TITLE, one_line
from mixportal.editions.list_marks import EMPHASIS

MAX_SEARCHED = 10 * MAX_TITLE  # a longer title is refused
SEPARATOR = re.compile(
    r"""
      \t | (?<=\S)[ ]{3,}(?=\S)
    | (?!(?<=\d)[–—―]\d) [–—―]+    # not between two numbers
    | (?<!-) -- (?!-)              # a typed dash
    | (?<=\s) (?: -{1,3}>? | =+> | \|{1,2} | :: | [‒−→⇒➔➜⟶⟹] ) (?=\s|$)
    | :-? (?=\s|$)
    """,
    re.VERBOSE,
)
RARE_SEPARATOR = re.compile(
    r"(?<=\s)(?:[=~_*•·»]|>{1,2})(?=\s)|\s?(?:\.{3,}|…)\s?(?=\w)|(?<=\w)\*\*(?=\w)"
    r"|(?<=\w)-(?=\s(?!(?:and|or|to)\b))"
)
SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z“\"'(])")
SCORE = re.compile(
    r"(?:(?:score|votes?|points?|average|avg|mean|n|was|last year|p\.)\s?[:=]?\s?)?[+▲▼↑↓$-]?\s?\d+(?:[.,]\d+)*[kKM]?"
    r"(?:\s?(?:%|percent|votes?|points?|pts?|responses?|of\s\d+|/\s?\d+))?",
    re.IGNORECASE,
)
SCORE_IN_TITLE = re.compile(
    rf"\s*[(\[](?!\d{{3,4}}[)\]])(?:{SCORE.pattern}|new!?)[)\]]|^\[[^\[\]]{{1,20}}\]|\s*\[[^\[\]]{{3,60}}\]$|,\s*\d+(?:\.\d+)?\s?%$",
    re.IGNORECASE,
)
ABBREVIATION = re.compile(r"(?:\b[A-Za-z]|\b(?:St|Mt|Ft|Dr|Mr|Ms|Mrs|vs|No|Inc|Co|Dept|Gov|etc))$")
ROUND = str.maketrans("[]", "()")
EDGES = "-–—―:;, \t"
END = re.compile(r"[-–—―:;,\s*_]*$")
MARKUP = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3}|~~|`)(?=\S)([^*_`~]{1,200}?)(?<=\S)\1(?![\w*_])")
TITLE_END = re.compile(
    r"(?:\s*\(tied?\)|\s*\[\w{1,2}\]|\s*(?:\.\s?){3,}|[;,]\s*(?:and|or)\b(?=\W*$)|[\s;,:–—―*†‡§¶¹²³⁴-⁹_`-])++$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Split:
    title: str
    meaning: str
    sign: str = ""


def split_titles(texts: Sequence[str]) -> list[Split]:
    splits = [split_title(text) for text in texts]
    signs = Counter(split.sign for split in splits if split)
    sign = next(
        (sign for sign, count in signs.items() if len(texts) > 2 and 4 * count >= 3 * len(texts)),
        "",
    )
    for rare in ("; ", " / ") if len(texts) > 1 and not any(splits) else ():
        if all(text.strip(EDGES).count(rare) == 1 for text in texts):
            return [Split(title, meaning, rare) for title, _, meaning in (text.partition(rare) for text in texts)]
    unsplit = [text.rstrip(" .;,") for text, split in zip(texts, splits, strict=True) if not split]
    long = [split for split in map(_split_bracketed, unsplit) if split and len(split.meaning.split()) > 2]
    has_brackets = 2 * len(long) >= len(unsplit)
    return [
        split_title(text, sign)
        or (split_title(text, "(") if has_brackets else None)
        or split_title(text, ".")
        or Split(text, "")
        for text in texts
    ]


def take_scores(split: Split) -> tuple[Split, list[str]]:
    if len(split.title) > MAX_SEARCHED:
        return split, []
    scores = [found[0].strip() for found in SCORE_IN_TITLE.finditer(split.title)]
    title, meaning = SCORE_IN_TITLE.sub("", split.title), split.meaning
    if SCORE.fullmatch(meaning.strip(EDGES)):
        scores, meaning = [*scores, meaning.strip()], ""
    return Split(title, meaning, split.sign), scores


def split_title(text: str, sign: str = "") -> Split | None:
    """Split at `sign` if the line has it, else after emphasis or at the first sign.

    "." splits only where the first sentence ends, and "(" only "Title (meaning)".
    """
    if sign == "(":
        return _split_bracketed(text.rstrip(" .;,"))
    if sign == ".":
        end = next(_sentence_ends(text), 0)
        return Split(text[:end], text[end + 1 :], ".") if 0 < end <= MAX_TITLE else None
    if emphasis := EMPHASIS.match(text):
        acronym = re.match(r"\s*\(([^()]*)\)", text[emphasis.end() :])
        end = emphasis.end() + (acronym.end() if acronym and is_acronym(acronym[1]) else 0)
        if rest := text[end:].strip():
            bracketed = split_title(f"-{rest}", "(")
            meaning = bracketed.meaning if bracketed and bracketed.title == "-" else rest.lstrip(". ")
            return Split(text[:end], meaning, "*")
    splits = list(_splits(text, SEPARATOR)) or list(_splits(text, RARE_SEPARATOR))
    return next((split for split in splits if split.sign in (sign, "\t")), splits[0] if splits else None)


def _splits(text: str, pattern: re.Pattern[str]) -> Iterator[Split]:
    limit = min(next(_sentence_ends(text), MAX_SEARCHED), MAX_SEARCHED)
    for found in _outside_brackets(pattern, text):
        if found.start() > limit:
            return
        if not END.match(text, found.end()):
            yield Split(text[: found.start()], text[found.end() :], found[0].strip(" ") or found[0])


def _split_bracketed(text: str) -> Split | None:
    depth = 0
    for at in range(len(text) - 1, 0, -1) if text.endswith(")") else ():
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            meaning = text[at + 1 : -1]
            return None if is_acronym(meaning) else Split(text[:at], meaning, "(")
    return None


def is_acronym(text: str) -> bool:
    words = re.findall(r"\w+", text)
    return 0 < len(words) < 4 and all(sum(map(str.isupper, word)) > 1 for word in words)


def ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’)]*_ ").endswith((".", "!", "?", "…"))


def clean_title(text: str) -> str:
    if len(text) > MAX_SEARCHED:
        return one_line(text)
    title = TITLE_END.sub("", MARKUP.sub(r"\2", one_line(text).replace("**", "")).strip("*_` "))
    is_sentence = title.endswith(".") and not ABBREVIATION.search(title[:-1]) and "." not in title[:-1].split(" ")[-1]
    return title[:-1] if is_sentence else title


def clean_meaning(text: str) -> str:
    return one_line(text).replace("**", "").strip("*_ ").lstrip("-–—―:=>| ").rstrip("†‡§¶;")


def _sentence_ends(text: str) -> Iterator[int]:
    for found in _outside_brackets(SENTENCE_END, text):
        if not ABBREVIATION.search(text[max(0, found.start() - 8) : found.start()]):
            yield found.start()


def _outside_brackets(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    depth = at = 0
    last_bracket = max(text.rfind(")"), text.rfind("]"))
    for found in pattern.finditer(text):
        between = text[at : found.start()].translate(ROUND)
        depth = max(0, depth + between.count("(") - between.count(")"))
        at = found.start()
        if depth == 0 or last_bracket < found.end():
            yield found
