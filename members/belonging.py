class Belongs:
    """An empty base class, kept because the first migration names it."""
