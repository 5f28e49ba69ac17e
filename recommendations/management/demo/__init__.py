"""A believable team and six months of made-up work, so that every page has something to show."""
