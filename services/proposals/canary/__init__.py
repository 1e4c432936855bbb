"""What becomes of a case whose fix was promoted: what is counted, and what follows from it."""
