"""Django's PostgreSQL, of which a process stops waiting when the server says nothing more (``base``)."""
