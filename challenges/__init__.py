"""Challenges: the entries of that kind, and which priorities each one hinders."""
