"""Reports: read and stored."""
