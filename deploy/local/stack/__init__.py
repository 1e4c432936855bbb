"""The parts of a stack, and the ways up and down."""
