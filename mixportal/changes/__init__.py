"""Who changed what, when and why, read from django-pghistory's events."""
