"""Server settings of every connection to PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KEEPALIVES: Final[Mapping[str, str]] = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""The server gives up a client whose host has vanished, and with it its locks, after 25 s instead of two hours."""
