"""Pages that anyone can open: home, edition, list, entry, governments, search, methods, about and open data."""
