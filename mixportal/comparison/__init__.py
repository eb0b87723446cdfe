"""Governments side by side, groups of governments, and who thinks alike."""
