"""Continuing professional development: a person's own record of learning, and the profile that a regulator asks for."""
