"""Rules and texts alone: no database, or none that matters."""
