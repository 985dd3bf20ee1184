"""The regulator's profile."""
