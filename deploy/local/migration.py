"""Write a service's next migration: what its tables have and a database at its newest migration has not.

    python -m deploy.local.migration SERVICE "what changes"

The database is one of its own that lives only as long as the comparison.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from pydantic import SecretStr

from deploy.local.database import start_postgres


def main(service: str, message: str) -> None:
    """Start a server, bring it to the newest migration, write the next one."""
    with tempfile.TemporaryDirectory(prefix="autodev-") as directory:
        Path(directory).chmod(0o711)  # as root the server runs as another account
        postgres = start_postgres(Path(directory) / "postgres")
        try:
            asyncio.run(_write_next(postgres.url, service, message))
        finally:
            postgres.stop()


async def _write_next(database_url: str, service: str, message: str) -> None:
    from autodev.service.database import create_engine
    from autodev.service.migrations.history import upgrade, write_next
    from autodev.service.settings import DatabaseSettings

    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), service)
    try:
        await upgrade(engine, service)
        await write_next(engine, service, message)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
