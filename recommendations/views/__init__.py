"""Pages: find the object through ``visible_to``, check the form, call one function, answer."""
