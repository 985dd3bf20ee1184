"""Copies of the whole log book: what they say, and the files that say it."""
