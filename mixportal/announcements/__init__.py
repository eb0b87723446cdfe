"""Mails to many: when a list opens, moves its close, closes or is published; reminders and the daily digest."""
