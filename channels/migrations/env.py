"""Alembic's entry: migrations run on the connection that channels/database.py opened."""

import sqlalchemy as sa
from alembic import context

import assistant.conversations
import channels.staff_tables
import knowledge.store
import preapproval.case_tables
import preapproval.ruleset_store

metadata = sa.MetaData()
parts = (
    knowledge.store, assistant.conversations, preapproval.ruleset_store, preapproval.case_tables, channels.staff_tables,
)  # fmt: skip
for part in parts:
    for table in part.metadata.tables.values():
        table.to_metadata(metadata)

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
