"""Confirming without an account: asking for it, and what stands behind the link."""
