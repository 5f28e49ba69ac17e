"""Acts and reads, called as the doors call them."""
