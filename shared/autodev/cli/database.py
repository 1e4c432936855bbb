"""`autodev db`: migrations, as a step of their own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autodev.cli.configuration import server_settings
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, Output, print_rows
from autodev.cli.rebuild import rebuild
from autodev.cli.run import require_service, service_names

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncEngine

app = typer.Typer(no_args_is_help=True, help="The services' PostgreSQL schemas.")
app.command("rebuild")(rebuild)


@app.command("upgrade")
def upgrade(
    services: Annotated[list[str] | None, typer.Argument(help="Services to migrate; all without any.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """Bring the services' schemas to the newest revision. Safe to run again, and by several at once."""
    names = services or service_names()
    for name in names:
        require_service(name)

    async def upgrade_each(engine: AsyncEngine) -> list[dict[str, Any]]:
        return [await _upgrade(engine, name) for name in names]

    rows = _with_engine(upgrade_each)
    print_rows(output, rows, ("service", "revision", "trouble"), empty="no services")
    if any(row["trouble"] for row in rows):
        raise typer.Exit(ExitCode.FAILED)


@app.command("revise", hidden=True)
def revise(service: str, message: str) -> None:
    """Write the next migration of a service: what its tables have and the database has not."""
    from autodev.service.migrations import history, revision

    require_service(service)

    async def write(engine: AsyncEngine) -> None:
        if revision.newest(service):
            await history.upgrade(engine, service)
        await history.write_next(engine, service, message)

    _with_engine(write)


async def _upgrade(engine: AsyncEngine, service: str) -> dict[str, Any]:
    from autodev.service.migrations import history

    try:
        return {"service": service, "revision": await history.upgrade(engine, service), "trouble": None}
    except (ModuleNotFoundError, history.ServiceNotInstalledError) as error:
        return {"service": service, "revision": None, "trouble": f"not installed here: {error}"}


def _with_engine(action: Callable[[AsyncEngine], Awaitable[Any]]) -> Any:
    from alembic.util import CommandError as MigrationError
    from sqlalchemy.exc import SQLAlchemyError

    from autodev.service.database import create_engine

    settings = server_settings().database

    async def act() -> Any:
        engine = create_engine(settings, "migrations")
        try:
            return await action(engine)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(act())
    except MigrationError as error:
        raise CommandError(
            ExitCode.FAILED, f"migration failed: {error}", "is the database newer than the code?"
        ) from None
    except (OSError, SQLAlchemyError) as error:
        raise CommandError(
            ExitCode.UNREACHABLE,
            f"PostgreSQL is not usable: {str(getattr(error, 'orig', None) or error).splitlines()[0]}",
            "start it ('make up') or set AUTODEV_DATABASE__URL",
        ) from None
