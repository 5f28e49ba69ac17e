"""Fetching public web pages, and recording the answers."""
