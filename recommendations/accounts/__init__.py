"""Accounts of people: their names, and what a second manager has to confirm."""
