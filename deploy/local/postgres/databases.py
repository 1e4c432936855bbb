"""Create and drop databases of a PostgreSQL server; with a template, a migrated one is there in milliseconds."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from deploy.local.postgres.programs import program
from deploy.local.processes.command import Command


def create_database(server_url: str, name: str, *, template: str = "template1") -> str:
    """Create database `name` as a copy of `template` (nobody may be connected to that) and return its URL."""
    _run(server_url, "createdb", f"--template={template}", name)
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(server_url: str, name: str) -> None:
    """Drop database `name`, ending the connections to it; nothing happens if it does not exist."""
    _run(server_url, "dropdb", "--force", "--if-exists", name)


def _run(server_url: str, command: str, *arguments: str) -> None:
    parts = urlsplit(server_url)
    # By environment, since other users of the machine can read a process's arguments.
    connection = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
    }
    maintenance = f"--maintenance-db={parts.path.lstrip('/')}"
    Command((str(program(command)), maintenance, *arguments), environment=connection).run()
