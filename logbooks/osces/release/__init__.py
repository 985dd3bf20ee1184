"""Results as they reach people: released to candidates, compared with the cohort, appealed, and read by an external examiner."""
