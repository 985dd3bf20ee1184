"""One indexed table."""
