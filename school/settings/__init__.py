"""Settings: base holds what is the same everywhere; dev, test and production say what differs."""
