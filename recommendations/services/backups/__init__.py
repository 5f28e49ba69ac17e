"""Making a backup, and restoring it."""
