"""Marks as they are given: every tap is an event, and what an item says follows from the events alone."""
