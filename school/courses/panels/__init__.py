"""Cards of courses and places on home and on records."""
