"""Marks as they are given."""
