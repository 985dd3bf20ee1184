"""Database backends for tests only: made from a template in a second, and able to flush append-only tables."""
