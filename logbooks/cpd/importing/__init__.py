"""Files of other tools: how their columns are read, and what becomes of each row."""
