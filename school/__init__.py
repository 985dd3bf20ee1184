"""The School of Oncology portal: project settings and what every app shares."""
