"""Priorities: the entries of that kind, and what governments invest in each."""
