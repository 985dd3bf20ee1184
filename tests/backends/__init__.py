"""Database backends for tests only: made from a template in a second, and put back to it after a test that commits."""
