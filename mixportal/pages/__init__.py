"""Pages that everybody opens: home, edition, list, entry, governments, search, methods, about and open data."""
