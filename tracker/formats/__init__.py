"""How dates are written, instead of Django's formats."""
