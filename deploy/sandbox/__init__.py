"""What the sandbox needs of a machine, for development and tests."""
