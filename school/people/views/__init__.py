"""Pages about accounts and about people."""
