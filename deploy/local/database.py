"""A real PostgreSQL for development, tests and the demo, from the server that a Python package carries.

    postgres = start_postgres(directory)
    ...  # connect to postgres.url
    postgres.stop()

Connections need the password in the URL (SCRAM); it is made once per directory and readable by its owner only.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
from pathlib import Path

from deploy.local.postgres.programs import SHARED_DIRECTORY, program
from deploy.local.postgres.settings import as_arguments, postgres_settings
from deploy.local.processes.account import Account, unprivileged_account
from deploy.local.processes.command import Command
from deploy.local.processes.ports import LOOPBACK, free_ports
from deploy.local.processes.server import Server, ServerFailedError

USER = "autodev"
DATABASE = "autodev"
_START_SECONDS = 60.0
_READY_LINE = 7


class Postgres(Server):
    """A running server; `stop`, `kill`, `pause`, `resume` and `restart` keep its port and its data."""

    def __init__(self, directory: Path, port: int) -> None:
        command = prepare_postgres(directory, port)
        self.url = database_url(directory, port)
        super().__init__(
            "PostgreSQL",
            command,
            directory / "postgres.log",
            lambda: accepts_connections(directory, self.pid),
            timeout=_START_SECONDS,
        )


def start_postgres(directory: Path, port: int | None = None) -> Postgres:
    """Start a server whose data lives in `directory`; a free port is chosen unless given.

    Returns once it accepts connections. As root it runs as another account, which must be able to enter the
    directories above `directory`. Raises RuntimeError if it does not come up, with the reason.
    """
    postgres = Postgres(directory, port or free_ports(1)[0])
    postgres.start()
    return postgres


def database_url(directory: Path, port: int, database: str = DATABASE) -> str:
    """The URL of a database of the server in `directory`; its password is made when first asked for."""
    return f"postgresql://{USER}:{_password(directory)}@{LOOPBACK}:{port}/{database}"


def reachable_directory(preferred: Path) -> Path:
    """`preferred`, made if missing, or one outside if the account the server must run as may not enter that."""
    preferred.mkdir(parents=True, exist_ok=True)
    account = unprivileged_account()
    if account is None or account.closed_parent_of(preferred / "data") is None:
        return preferred
    return SHARED_DIRECTORY / hashlib.sha256(os.fsencode(preferred)).hexdigest()[:16]


def prepare_postgres(directory: Path, port: int) -> Command:
    """Create cluster, user and database the first time, and return the command that runs the server."""
    directory.mkdir(parents=True, exist_ok=True)
    account = unprivileged_account()
    data = directory / "data"
    if not (data / "PG_VERSION").exists():
        _create_cluster(directory, account)
    argv = (str(program("postgres", account)), "-D", str(data), *as_arguments(postgres_settings(port=port)))
    # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
    return Command(argv, account=account, stop_signal=signal.SIGINT)


def accepts_connections(directory: Path, pid: int) -> bool:
    """Whether the server with process id `pid` has written into its pid file that it is ready."""
    try:
        lines = (directory / "data" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > _READY_LINE and lines[0] == str(pid) and lines[_READY_LINE].strip() == "ready"


def _password(directory: Path) -> str:
    file = directory / "password"
    if not file.exists():
        directory.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()


def _create_cluster(directory: Path, account: Account | None) -> None:
    """Initialise beside the final place and move it there, so that an interrupted start leaves nothing half done."""
    if account and (closed := account.closed_parent_of(directory / "data")):
        raise ServerFailedError(
            f"PostgreSQL refuses to run as root, and the account {account.name!r} it runs as instead may not enter "
            f"{closed}. Use a directory that every account may enter, or a server of your own with --postgres URL"
        )
    _password(directory)
    password_file = directory / "password"
    staging = directory / "data.new"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    if account:
        account.give(staging, mode=0o700)
        account.give(password_file, mode=0o600)
    initdb = ("-D", str(staging), "-U", USER, "--auth=scram-sha-256", f"--pwfile={password_file}")
    locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync")
    Command((str(program("initdb", account)), *initdb, *locale), account=account).run()
    single_user = (str(program("postgres", account)), "--single", "-D", str(staging), "postgres")
    Command(single_user, account=account).run(f"CREATE DATABASE {DATABASE}\n")
    staging.rename(directory / "data")
