"""The pages of CPD."""
