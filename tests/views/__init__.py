"""Pages and the desk, over HTTP."""
