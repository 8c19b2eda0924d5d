"""Alembic's environment. The connection is handed over by `ingest.ledger_engine.migrate`, inside its own lock."""

from alembic import context

from ingest.ledger_schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
