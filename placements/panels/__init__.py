"""The cards that placements puts on other pages."""
