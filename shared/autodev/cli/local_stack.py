"""Find the servers of a local stack, so that nobody has to copy addresses.

Precedence of a setting: option, then environment, then the stack under the current directory, then the default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

STATE_FILE: Final = Path("var/local/state.json")
KAFKA: Final = "AUTODEV_KAFKA__BOOTSTRAP_SERVERS"
DATABASE_URL: Final = "AUTODEV_DATABASE__URL"
CONSOLE_URL: Final = "AUTODEV_CONSOLE_URL"
INGESTION_URL: Final = "AUTODEV_INGESTION_URL"
SERVICE_URL: Final = "AUTODEV_SERVICES__"
"""Followed by a service's name: its base URL, for health."""
_SERVERS: Final = frozenset({"kafka", "kafka-controller", "postgres", "supervisor"})
"""Whatever else has a port in the state file is a service with an HTTP address."""


def missing_settings(directory: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that the stack under `directory` knows and `environ` leaves unset; empty without a stack.

    Raises:
        ValueError: the state file is damaged.
    """
    try:
        content = (directory / STATE_FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    known = _settings(content)
    return {name: value for name, value in known.items() if name not in environ and f"{name}_FILE" not in environ}


def _settings(content: bytes) -> dict[str, str]:
    try:
        state = json.loads(content)
        urls = {
            name: f"http://127.0.0.1:{int(state['ports'][name])}" for name in state["ports"] if name not in _SERVERS
        }
        return {
            KAFKA: str(state["kafka_bootstrap"]),
            DATABASE_URL: str(state["database_url"]),
            CONSOLE_URL: urls["console"],
            INGESTION_URL: urls["ingestion"],
            **{f"{SERVICE_URL}{name.upper()}": url for name, url in urls.items()},
        }
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{STATE_FILE} is damaged ({error!r}): run 'make down', then 'make up'") from error
