"""Pages about evidence items."""
