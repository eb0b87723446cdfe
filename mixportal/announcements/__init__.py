"""Mails when a list opens, moves its close, closes or is published: announcements, reminders and the daily digest."""
