"""Wiring: settings, addresses, the database, headers, health and the pages that say no. It may import any room."""
