"""Evidence bytes: kept, sealed, verified, backed up and restored."""
