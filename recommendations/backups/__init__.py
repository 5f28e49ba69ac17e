"""One encrypted file that holds everything: how it is written and read, and how a database goes into it."""
