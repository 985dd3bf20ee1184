"""Continuing professional development: activities, the live checks and the regulator's profile."""
