"""Every write of the placement programme that a person can cause."""
