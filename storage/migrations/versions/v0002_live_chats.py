"""What a live chat needs: who may, what the bot said where, links to messages.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("messages", sa.Column("link", sa.String(), nullable=False, server_default=""))
    op.add_column("versions", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("versions", sa.Column("part", sa.String(), nullable=False, server_default=""))
    op.add_column("versions", sa.Column("link", sa.String(), nullable=False, server_default=""))
    op.add_column("chats", sa.Column("can_read", sa.Boolean(), nullable=True))
    op.add_column("chats", sa.Column("admins", sa.JSON(), nullable=True))
    op.add_column("chats", sa.Column("moved_from", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("file", sa.JSON(), nullable=True))
    op.add_column("outbox", sa.Column("card", sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("renews", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("buttons", sa.JSON(), nullable=True))
    op.add_column("outbox", sa.Column("language", sa.String(), nullable=False, server_default="en"))
    op.add_column("outbox", sa.Column("intent", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("sent_id", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("failure", sa.Text(), nullable=True))
    op.create_table(
        "organizers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_organizers_meeting_id_meetings"),
        sa.PrimaryKeyConstraint("id", name="pk_organizers"),
        sa.UniqueConstraint(
            "platform",
            "workspace",
            "person",
            "meeting_id",
            name="uq_organizers_platform_workspace_person_meeting_id",
        ),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
    )
    op.create_table(
        "speakers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_speakers"),
        sa.UniqueConstraint("platform", "workspace", "person", name="uq_speakers_platform_workspace_person"),
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
        sa.UniqueConstraint("platform", "workspace", "chat", "card", name="uq_cards_platform_workspace_chat_card"),
    )
