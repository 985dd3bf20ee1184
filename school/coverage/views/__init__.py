"""Pages about training coverage."""
