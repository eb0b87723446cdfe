"""Pure functions that count ranked ballots: no Django, no files and no state."""

from .count import METHOD_VERSION, count
from .profile import Profile

__all__ = ["METHOD_VERSION", "Profile", "count"]
