"""The bank of stations."""
