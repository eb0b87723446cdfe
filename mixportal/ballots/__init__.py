"""Each government's ballot of a list: the ballot page, and ballots that arrive on paper."""
