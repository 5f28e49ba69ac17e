"""What happens around every request, and the answers to interrupted ones."""
