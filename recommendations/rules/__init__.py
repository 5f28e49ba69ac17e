"""Rules without a database of their own: rows and the clock are handed in."""
