"""What people do about requirements; each function is one act."""
