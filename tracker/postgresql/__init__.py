"""Django's PostgreSQL backend, which stops waiting when the server no longer answers (``base``)."""
