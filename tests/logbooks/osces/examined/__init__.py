"""Marks on a page."""
