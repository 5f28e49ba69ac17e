"""Who may see and do what, and what tries to get around it."""
