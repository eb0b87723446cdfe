"""The reader and the writer of CSV that every import and export uses, and helpers for text and values."""
