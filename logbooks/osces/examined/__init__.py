"""Marks on a page: of a file that somebody sent, or of an exam that was held here."""
