"""Words as a mail carries them: one line for a subject, lines of at most 76 characters for a text. Pure functions."""

from __future__ import annotations

import re
import textwrap

WIDTH = 76
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """With nothing in it that could end a header: every run of white space and control characters is one space."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def wrapped(text: str) -> str:
    """Each line by itself, addresses never broken, at most one blank line in a row."""
    lines: list[str] = []
    for line in text.splitlines():
        line = line.rstrip()
        if not line and (not lines or not lines[-1]):
            continue
        indent = "  " if line.startswith("- ") else ""
        lines += textwrap.wrap(
            line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines).strip() + "\n"
