"""What is due, private chats, and which meeting an update or a reply is of.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KINDS = ("warning", "digest", "close", "ask", "silence", "conclusion", "forgotten")


def upgrade() -> None:
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    op.create_table(
        "due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"kind IN ({kinds})", name="ck_due_kind"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_due_meeting_id_meetings"),
        sa.PrimaryKeyConstraint("id", name="pk_due"),
        sa.UniqueConstraint("meeting_id", "kind", "mark", name="uq_due_meeting_id_kind_mark"),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index("ix_due_waiting", "due", ["due_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "private_chats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_private_chats"),
        sa.UniqueConstraint("platform", "workspace", "person", name="uq_private_chats_platform_workspace_person"),
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("everywhere", sa.Boolean(), nullable=False, server_default=sa.false()))
        outbox.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("inbox") as inbox:
        inbox.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        inbox.create_foreign_key("fk_inbox_meeting_id_meetings", "meetings", ["meeting_id"], ["id"])
