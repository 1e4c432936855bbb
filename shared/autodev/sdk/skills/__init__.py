"""Functions that were decorated: what they are, and what stands in their place."""
