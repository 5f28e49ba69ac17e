"""Texts: differences, search words, spans, and plain text for mails."""
