"""What lists, dashboard and digests count and show, by who reads it."""
