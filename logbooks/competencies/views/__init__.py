"""Pages of the competency log book."""
