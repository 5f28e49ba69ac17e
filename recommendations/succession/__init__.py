"""What a report takes over from the one before it: shared by the acts that write it, beneath the services."""
