import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Shape:
    path: str
    is_full: bool


SHAPES = (
    Shape("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", True),
    Shape("M-4.2 -4.2h8.4v8.4h-8.4z", False),
    Shape("M0 -5.2l5.2 9h-10.4z", True),
    Shape("M0 -5.8l5.8 5.8l-5.8 5.8l-5.8 -5.8z", False),
    Shape("M-4.2 -4.2h8.4v8.4h-8.4z", True),
    Shape("M0 -5.2l5.2 9h-10.4z", False),
    Shape("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", False),
)
MAX_RADIUS = 3.6  # percent of the picture, 12 px on a phone


@dataclass(frozen=True)
class Dot:
    name: str
    mark: str
    shape: Shape
    x: float
    y: float
    radius: float  # of the circle that answers a pointer; none overlaps another


def shape(number: int) -> Shape:
    return SHAPES[number % len(SHAPES)]


def plane(
    points: Sequence[Sequence[float]],
    shapes: Sequence[int],
    names: Sequence[str],
    marks: Mapping[int, str],
) -> SafeString:
    """Mark m is the user's government, c a chosen one."""
    reach = max((abs(value) for point in points for value in point), default=0) or 1.0
    at = [(round(50 + 45 * x / reach, 2), round(50 - 45 * y / reach, 2)) for x, y in points]
    dots = [
        Dot(
            names[row],
            marks.get(row, ""),
            shape(shapes[row]),
            *here,
            round(min([MAX_RADIUS] + [math.dist(here, other) / 2 for other in at if other != here]), 2),
        )
        for row, here in enumerate(at)
    ]
    marked = [dots[row] for row in marks]
    labels = [
        (dot, 4 + 15 * sum(abs(other.y - dot.y) < 5 for other in marked[:number])) for number, dot in enumerate(marked)
    ]
    context = {"dots": sorted(dots, key=lambda dot: dot.mark), "labels": labels}
    return render_to_string("comparison/_plane.html", context)


def likeness(tau: float, level: float) -> SafeString:
    """`level` is what chance reaches."""
    context = {"chance": round(50 - 47 * level, 1), "width": round(94 * level, 1), "at": round(50 + 47 * tau, 1)}
    return render_to_string("comparison/_likeness.html", context)
