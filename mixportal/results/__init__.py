"""What the ballots of a list add up to: the stored tally, and the charts and files that show it."""
