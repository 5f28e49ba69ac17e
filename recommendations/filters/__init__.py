"""Filters of lists, by noun: public parameter names, so that an address can be shared."""
