"""Pages before the first day: what sites ask and tell, checks, the joining pack, and who still lacks something."""
