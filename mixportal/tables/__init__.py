"""The writer of CSV that every export uses, and helpers for text and values."""
