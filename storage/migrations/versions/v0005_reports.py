"""Decisions of the desk, the report that each draft was, and attachments that were fetched.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KINDS = ("open", "set", "draft", "close", "reopen", "move", "merge", "drop", "keep", "edit", "undo")


def upgrade() -> None:
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table("steps") as steps:
        steps.drop_constraint("ck_steps_kind", type_="check")
        steps.create_check_constraint("ck_steps_kind", f"kind IN ({kinds})")
    op.add_column("drafts", sa.Column("report", sa.Text(), nullable=True))
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_files_meeting_id_meetings"),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        sa.UniqueConstraint("meeting_id", "platform", "ref", name="uq_files_meeting_id_platform_ref"),
    )
