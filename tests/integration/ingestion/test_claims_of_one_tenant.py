"""What a database holds that had claims for each tenant, after its upgrade."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from tests.integration.loopback.installed import Installed

pytestmark = pytest.mark.postgres
MIGRATION = importlib.import_module("services.ingestion.migrations.0005_ids_over_http_belong_to_one_tenant")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLAIMS = (("late", "1", 2), ("first", "1", 0), ("later", "1", 1), ("late", "2", 2))


def _upgraded(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        MIGRATION.downgrade()
        for tenant, event, minute in CLAIMS:
            connection.execute(
                text(
                    "INSERT INTO ingestion.claim (tenant_id, source, id, digest, claimed_at)"
                    " VALUES (:tenant, '/agents/1', :event, '', :at)"
                ),
                {"tenant": tenant, "event": event, "at": NOON + timedelta(minutes=minute)},
            )
        MIGRATION.upgrade()


async def test_of_an_ids_claims_the_first_is_kept(ingestion: Installed) -> None:
    async with ingestion.engine.begin() as connection:
        await connection.run_sync(_upgraded)
    assert await ingestion.rows("SELECT id, tenant_id FROM ingestion.claim ORDER BY id") == [
        ("1", "first"),
        ("2", "late"),
    ]
