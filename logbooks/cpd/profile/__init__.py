"""The regulator's profile: built from a draft, frozen as a fact with its files, compared."""
