"""Rules that do not use the database: the caller passes rows and the time."""
