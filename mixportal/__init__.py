"""Wiring: settings, addresses, the database, headers, health and the error pages."""
