"""What stands around every request, and the answers to one that was interrupted."""
