"""Mails: what they say, when they go, what becomes of them."""
