"""What is filled in about CPD."""
