"""What a person does with their own CPD."""
