"""Runs the migrations in the transaction that `hotspot.store.migration` opened."""

from alembic import context

from hotspot.store import served_tables, tables  # noqa: F401 - what they declare is in the metadata.
from hotspot.store.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
