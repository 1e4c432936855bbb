"""PostgreSQL from a wheel: its programs, its settings, its databases."""
