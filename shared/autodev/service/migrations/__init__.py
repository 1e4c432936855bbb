"""Alembic, one linear history and one PostgreSQL schema a service, as a step of its own."""
