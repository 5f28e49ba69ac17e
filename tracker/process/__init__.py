"""The processes of ``make run``: checked before a start, watched, and ended together."""
