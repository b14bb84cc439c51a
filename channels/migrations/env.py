"""Alembic's entry: migrations run on the connection that channels/database.py opened."""

import sqlalchemy as sa
from alembic import context

import assistant.conversations
import knowledge.store

metadata = sa.MetaData()
for package in (knowledge.store.metadata, assistant.conversations.metadata):
    for table in package.tables.values():
        table.to_metadata(metadata)

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
