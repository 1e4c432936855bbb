"""A case as one HTML page without scripts and without addresses. Every text on it is taken for hostile."""
