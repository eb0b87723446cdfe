"""How places move over the years, and how our lists compare with those that other bodies publish."""
