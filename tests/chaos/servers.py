"""A broker and a database of the drills' own: they are stopped and killed, which nobody else should have to notice."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.broker import Kafka, start_kafka
from deploy.local.database import Postgres, start_postgres


@dataclass(frozen=True)
class Servers:
    kafka: Kafka
    postgres: Postgres


@contextmanager
def own_servers() -> Iterator[Servers]:
    """Started in a new directory, which is removed with them."""
    directory = Path(tempfile.mkdtemp(prefix="autodev-chaos-"))
    directory.chmod(0o711)  # PostgreSQL runs as another account
    try:
        kafka = start_kafka(directory / "kafka")
        try:
            postgres = start_postgres(directory / "postgres")
            try:
                yield Servers(kafka, postgres)
            finally:
                postgres.stop()
        finally:
            kafka.stop()
    finally:
        shutil.rmtree(directory)
