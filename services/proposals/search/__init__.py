"""A case's search: what it starts from, and its steps."""
