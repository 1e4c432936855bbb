"""Which revision a service's schema is at, and which its code needs. Alembic itself takes half a second to import."""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def current(engine: AsyncEngine, service: str) -> str | None:
    """The revision that the database has; None before the first."""
    table = f"{service}.alembic_version"
    async with engine.connect() as connection:
        if await connection.scalar(text("SELECT to_regclass(:table)"), {"table": table}) is None:
            return None
        found: str | None = await connection.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608 - from code
        return found


def newest(service: str) -> str:
    """The newest revision that the code has: files are named by number, in one line of history."""
    return max((path.name.partition("_")[0] for path in versions(service).glob("[0-9]*.py")), default="")


def versions(service: str) -> Path:
    """The folder of `service`'s revision files."""
    package = importlib.import_module(f"services.{service}")
    return Path(package.__path__[0]) / "migrations"
