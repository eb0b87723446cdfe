"""What the ballots of a list add up to: the tally, and the pages and files that show it."""
