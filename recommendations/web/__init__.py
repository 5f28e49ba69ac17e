"""Asking the public web, and recording what came."""
