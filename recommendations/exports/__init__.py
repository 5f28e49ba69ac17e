"""Exports: ``tables`` makes the files, ``columns`` says which columns each list has."""
