"""Files that somebody sent: what they are, the virus scanner, and the process that looks into them."""
