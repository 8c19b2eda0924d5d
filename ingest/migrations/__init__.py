"""Alembic steps of the ledger's schema; `ingest.ledger` runs them on opening."""
