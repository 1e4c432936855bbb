"""The engine of a service process."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from autodev.service.settings import DatabaseSettings
from autodev.stream.postgres.keepalives import KEEPALIVES

IDLE_IN_TRANSACTION = "60s"
"""A paused process holds its row locks no longer than this."""


def create_engine(
    settings: DatabaseSettings, service: str, *, idle_in_transaction: str = IDLE_IN_TRANSACTION
) -> AsyncEngine:
    return create_async_engine(
        settings.sqlalchemy_url(),
        pool_size=settings.pool_size,
        pool_pre_ping=True,
        # In turn, each connection would prepare each statement for itself; so those that are needed stay warm.
        pool_use_lifo=True,
        # Errors end up in logs, and parameters are what agents said.
        hide_parameters=True,
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": f"autodev {service}",
                "idle_in_transaction_session_timeout": idle_in_transaction,
                **KEEPALIVES,
            },
        },
    )
