"""How planning and sending scale: ``make mail-scale`` measures it and prints a table and JSON."""
