"""The day of an exam: who is examined, who examines, when and where."""
