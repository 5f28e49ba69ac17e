"""Real processes: the start, the supervisor, the web server, the database that goes away."""
