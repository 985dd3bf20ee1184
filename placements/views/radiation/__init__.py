"""Pages in confidence: a student's own, and those of a site's radiation protection supervisor."""
