"""What members propose while a list is drafted, who supports it, and the conference room."""
