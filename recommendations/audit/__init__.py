"""The record of events, its published hashes, and the triggers that protect it in the database."""
