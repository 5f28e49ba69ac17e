"""What leaves the house: ``tables`` makes the files, ``columns`` says what each list has to give."""
