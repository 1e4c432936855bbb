"""A service's migrations: upgrade to the newest, compare with the models, write the next one."""

from __future__ import annotations

import importlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.service.migrations.revision import current, newest, versions


class ServiceNotInstalledError(RuntimeError):
    """Services run from a checkout or an image; the wheel alone holds only what agents need."""


async def upgrade(engine: AsyncEngine, service: str) -> str:
    """Bring `service`'s schema to the newest revision; return the one that it has then.

    That of a later release stays as it is.
    """
    known = newest(service)
    found = await current(engine, service)
    if found is not None and found > known:
        return found
    async with engine.connect() as connection:
        await connection.run_sync(_with_config, service, lambda config: command.upgrade(config, "head"))
    return known


async def check(engine: AsyncEngine, service: str) -> None:
    """Compare the migrated schema with the service's tables.

    Raises:
        alembic.util.CommandError: they differ; a migration is missing.
    """
    async with engine.connect() as connection:
        await connection.run_sync(_with_config, service, command.check)


async def write_next(engine: AsyncEngine, service: str, message: str) -> None:
    """Write a new revision file with what the service's tables have and the database has not."""
    number = f"{len(list(versions(service).glob('*.py'))) + 1:04d}"
    versions(service).mkdir(parents=True, exist_ok=True)

    def revise(config: Config) -> None:
        command.revision(config, message=message, autogenerate=True, rev_id=number)

    async with engine.connect() as connection:
        await connection.run_sync(_with_config, service, revise)


def _with_config(connection: Connection, service: str, action: object) -> None:
    config = _config(service)
    config.attributes["connection"] = connection
    config.attributes["metadata"] = _metadata(service)
    action(config)  # type: ignore[operator]


def _config(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_locations", str(versions(service)))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _metadata(service: str) -> MetaData:
    try:
        tables = importlib.import_module(f"services.{service}.tables")
    except ModuleNotFoundError as error:
        raise ServiceNotInstalledError(
            f"service {service!r} is not importable ({error.name} is missing): run from a checkout, with the extra"
            f" 'autodev-streams[{service}]' installed"
        ) from error
    metadata = tables.metadata
    assert isinstance(metadata, MetaData)
    return metadata
