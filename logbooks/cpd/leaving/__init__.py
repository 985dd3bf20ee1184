"""A person's whole record as one file: taken away here, read in elsewhere."""
