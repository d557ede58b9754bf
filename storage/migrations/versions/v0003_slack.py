"""Threads to answer in, and codes that join a chat to a meeting.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("chats", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("thread", sa.String(), nullable=False, server_default=""))
        outbox.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        outbox.create_foreign_key("fk_outbox_meeting_id_meetings", "meetings", ["meeting_id"], ["id"])
    with op.batch_alter_table("claims") as claims:
        claims.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        claims.create_foreign_key("fk_claims_meeting_id_meetings", "meetings", ["meeting_id"], ["id"])
