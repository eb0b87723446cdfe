"""Faults planted one at a time in a copy of the tree; the tests must notice each: python -m tests.faults"""
