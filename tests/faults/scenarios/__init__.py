"""The twenty tests (``t01`` to ``t20``) and the controls (``c1``, ``c2``), each in a file of its own."""
