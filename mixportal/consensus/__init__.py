"""Counting ranked ballots: pure functions over one profile. No Django, no files, no state."""

from .count import METHOD_VERSION, count
from .profile import Profile

__all__ = ["METHOD_VERSION", "Profile", "count"]
