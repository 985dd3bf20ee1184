"""Tests of the competency log book."""
