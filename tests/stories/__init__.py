"""Whole stories of the team, from door to mail."""
