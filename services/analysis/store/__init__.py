"""State of the folds in PostgreSQL: loaded once per assignment, changed rows saved with each batch."""
