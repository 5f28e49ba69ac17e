"""Sites of this machine for tests of what asks the web: servers that count, and their answers."""
