"""The curators' admin: every ModelAdmin, and every page of an edition's desk."""
