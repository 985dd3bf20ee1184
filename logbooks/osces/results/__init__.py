"""What comes of the marks: their quality, the board's standard, and what each candidate is told."""
