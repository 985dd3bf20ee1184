"""Tests of the log books."""
