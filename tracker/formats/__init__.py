"""How dates are written, in place of the framework's habits."""
