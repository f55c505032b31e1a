"""Where the documents of a library lie on its map, and what its regions are called. No Django, no database."""
