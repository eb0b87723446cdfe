"""The demonstration: invented governments, people and ballots. Installed only in demo mode."""
