"""Exams: made of published stations, read by a second person, and frozen."""
