"""Runs the migrations on the connection, and in the transaction, that `storage.database` gives.

To change the schema: change `tables.py`, add `versions/v000N_what.py` after the shape of the others (altering
a table by `op.batch_alter_table`, since SQLite does it by copying), and set `HEAD` in `database.py`. Released
migrations are never edited and never import `tables.py`. `tests/storage/test_database.py` says what
is missing.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
