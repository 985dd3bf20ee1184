"""Who may open what: the table, and the tests that send every request in it."""
