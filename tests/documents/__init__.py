"""Reading the text of documents."""
