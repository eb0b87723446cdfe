"""What governments write on entries, and the discussion there."""
