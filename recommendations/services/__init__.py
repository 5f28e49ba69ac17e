"""One atomic, keyword-only, typed function for each act."""
