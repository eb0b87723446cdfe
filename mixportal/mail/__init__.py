"""The outbox, and the code that sends it."""
