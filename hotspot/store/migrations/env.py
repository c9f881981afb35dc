"""Runs the migrations in the transaction that `hotspot.store.migration` opened."""

from alembic import context

from hotspot.store import served_tables as _  # noqa: F401 - its tables are part of the same.
from hotspot.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
