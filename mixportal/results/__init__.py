"""The stored tally of each list, and the charts and files that show it."""
