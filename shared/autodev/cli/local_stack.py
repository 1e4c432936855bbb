"""Find the servers of a local stack, so that nobody has to copy addresses.

Precedence of a setting: option, then environment, then the stack under the current directory, then the default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

STATE_FILE: Final = Path("var/local/state.json")
INGESTION_URL: Final = "AUTODEV_INGESTION_URL"
CONSOLE_URL: Final = "AUTODEV_CONSOLE_URL"


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
        ports = {name: int(port) for name, port in state["service_ports"].items()}
        return {
            "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": str(state["kafka"]["bootstrap"]),
            "AUTODEV_DATABASE__URL": str(state["postgres"]["url"]),
            CONSOLE_URL: _url(ports["console"]),
            INGESTION_URL: _url(ports["ingestion"]),
            **{f"AUTODEV_SERVICES__{name.upper()}": _url(port) for name, port in ports.items()},
        }
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{STATE_FILE} is damaged ({error!r}): run 'make down', then 'make up'") from error


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"
