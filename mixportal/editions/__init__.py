"""Editions, their two annual lists, entries and lines; phases; and the import of lists."""
