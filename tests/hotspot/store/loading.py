"""Loads made-up files through the store as the command line does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.store import incidents, loads, settlement
from tests import factories

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.rows import Batch


def load(
    connection: Connection, *batches: Batch, dataset: str = "a.csv", source: str = "police", sha256: str = "1"
) -> loads.Load:
    """Load one file, which consists of these batches."""
    load_id = loads.begin_load(
        connection,
        source=source,
        dataset=dataset,
        sha256=sha256,
        mapping_sha256="m",
        file_name=dataset,
        loaded_at=factories.NOW,
    )
    for batch in batches:
        incidents.write_batch(connection, load_id, batch)
    settlement.settle(connection, load_id)
    return loads.finish_load(connection, load_id)
