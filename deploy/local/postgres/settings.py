"""What a PostgreSQL on a laptop is told."""

from __future__ import annotations

from collections.abc import Mapping

from deploy.local.processes.ports import LOOPBACK


def postgres_settings(*, port: int) -> Mapping[str, str]:
    """Settings of a server on the loopback interface only; every commit stays durable."""
    return {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "log_checkpoints": "off",
        "log_line_prefix": "%m %a ",
    }


def as_arguments(settings: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(argument for name, value in settings.items() for argument in ("-c", f"{name}={value}"))
