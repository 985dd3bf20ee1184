"""Forms of the competency log book."""
