"""The competency log book: frameworks, examinations, and what was signed off."""
