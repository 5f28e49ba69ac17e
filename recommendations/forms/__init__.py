"""Forms, by noun: the shape of what comes in."""
