"""Wiring: settings, URLs, the database, headers, health and the error pages."""
