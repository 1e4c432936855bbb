"""create tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_agents")),
        schema="console",
    )
    op.create_index("ix_agents_updated_at", "agents", ["tenant_id", "updated_at"], unique=False, schema="console")
    op.create_table(
        "candidates",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_candidates")),
        schema="console",
    )
    op.create_index("ix_candidates_case_id", "candidates", ["tenant_id", "case_id"], unique=False, schema="console")
    op.create_index(
        "ix_candidates_updated_at", "candidates", ["tenant_id", "updated_at"], unique=False, schema="console"
    )
    op.create_table(
        "cases",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_cases")),
        schema="console",
    )
    op.create_index("ix_cases_updated_at", "cases", ["tenant_id", "updated_at"], unique=False, schema="console")
    op.create_table(
        "commands",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "idempotency_key", name=op.f("pk_commands")),
        schema="console",
    )
    op.create_table(
        "inbox",
        sa.Column("consumer_group", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("consumer_group", "source", "id", name=op.f("pk_inbox")),
        schema="console",
    )
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"], unique=False, schema="console")
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("aggregatetype", sa.Text(), nullable=False),
        sa.Column("aggregateid", sa.LargeBinary(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=True),
        sa.Column("timestamp_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        schema="console",
    )
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["seq"],
        unique=False,
        schema="console",
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_published_at",
        "outbox",
        ["published_at"],
        unique=False,
        schema="console",
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_table(
        "patterns",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_patterns")),
        schema="console",
    )
    op.create_index("ix_patterns_updated_at", "patterns", ["tenant_id", "updated_at"], unique=False, schema="console")
    op.create_table(
        "position",
        sa.Column("consumer_group", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consumer_group", "topic", "partition", name=op.f("pk_position")),
        schema="console",
    )
    op.create_table(
        "skills",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_skills")),
        schema="console",
    )
    op.create_index("ix_skills_updated_at", "skills", ["tenant_id", "updated_at"], unique=False, schema="console")
    op.create_table(
        "workspaces",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_workspaces")),
        schema="console",
    )
    op.create_index(
        "ix_workspaces_updated_at", "workspaces", ["tenant_id", "updated_at"], unique=False, schema="console"
    )


def downgrade() -> None:
    op.drop_index("ix_workspaces_updated_at", table_name="workspaces", schema="console")
    op.drop_table("workspaces", schema="console")
    op.drop_index("ix_skills_updated_at", table_name="skills", schema="console")
    op.drop_table("skills", schema="console")
    op.drop_table("position", schema="console")
    op.drop_index("ix_patterns_updated_at", table_name="patterns", schema="console")
    op.drop_table("patterns", schema="console")
    op.drop_index(
        "ix_outbox_published_at",
        table_name="outbox",
        schema="console",
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_pending", table_name="outbox", schema="console", postgresql_where=sa.text("published_at IS NULL")
    )
    op.drop_table("outbox", schema="console")
    op.drop_index("ix_inbox_handled_at", table_name="inbox", schema="console")
    op.drop_table("inbox", schema="console")
    op.drop_table("commands", schema="console")
    op.drop_index("ix_cases_updated_at", table_name="cases", schema="console")
    op.drop_table("cases", schema="console")
    op.drop_index("ix_candidates_updated_at", table_name="candidates", schema="console")
    op.drop_index("ix_candidates_case_id", table_name="candidates", schema="console")
    op.drop_table("candidates", schema="console")
    op.drop_index("ix_agents_updated_at", table_name="agents", schema="console")
    op.drop_table("agents", schema="console")
