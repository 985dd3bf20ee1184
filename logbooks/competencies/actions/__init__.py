"""What people do with frameworks, examinations and sign-offs."""
