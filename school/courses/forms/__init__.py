"""Forms of courses, events and places."""
