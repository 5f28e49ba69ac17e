"""Texts: differences, words of the search, spans, and plain text for mails."""
