"""ids over HTTP belong to one tenant"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The release before, where it still runs, loses nothing: it answers 500 in place of 202 to what would become a
    # dead letter.
    op.execute("LOCK TABLE ingestion.claim IN EXCLUSIVE MODE")
    # Of several tenants with one id, the first is whose event was handled.
    op.execute(
        sa.text(
            "DELETE FROM ingestion.claim AS later USING ingestion.claim AS first"
            " WHERE (later.source, later.id) = (first.source, first.id)"
            " AND (later.claimed_at, later.tenant_id) > (first.claimed_at, first.tenant_id)"
        )
    )
    op.drop_constraint(op.f("pk_claim"), "claim", schema="ingestion")
    op.create_primary_key(op.f("pk_claim"), "claim", ["source", "id"], schema="ingestion")


def downgrade() -> None:
    op.drop_constraint(op.f("pk_claim"), "claim", schema="ingestion")
    op.create_primary_key(op.f("pk_claim"), "claim", ["tenant_id", "source", "id"], schema="ingestion")
