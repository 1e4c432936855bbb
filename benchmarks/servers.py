"""A broker and a database started for one run, and installations on them that know nothing of each other."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.broker import start_kafka
from deploy.local.database import start_postgres
from deploy.local.postgres.databases import create_database
from tests.e2e.installation import Installation


@dataclass(frozen=True)
class Servers:
    bootstrap: str
    postgres_url: str
    directory: Path

    async def install(self, name: str) -> Installation:
        """Topics, database and logs of its own, everything migrated, no service started."""
        logs = self.directory / name
        logs.mkdir()
        installed = Installation(self.bootstrap, create_database(self.postgres_url, name), f"{name}.", logs)
        await installed.prepare()
        return installed


@contextmanager
def servers() -> Iterator[Servers]:
    """Both servers, gone with all their data at the end of the block."""
    directory = Path(tempfile.mkdtemp(prefix="autodev-bench-"))
    directory.chmod(0o711)  # PostgreSQL runs as another account if this one is root
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        kafka = start_kafka(directory / "kafka")
        stack.callback(kafka.stop)
        postgres = start_postgres(directory / "postgres")
        stack.callback(postgres.stop)
        yield Servers(kafka.bootstrap, postgres.url, directory)
