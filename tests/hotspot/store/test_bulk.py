"""Many rows arrive as they were given, however many statements that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hotspot.store.bulk import write_rows
from hotspot.store.tables import kinds

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAMES = ["id", "theme", "subtheme", "code", "precision", "reporter"]


@pytest.mark.parametrize("n", [0, 1, 499, 500, 501, 1_234])
def test_write_rows__writes_each_row_once_in_order(connection: Connection, n: int) -> None:
    given = [(number, f"é{number}", "'", "", "minute", "police") for number in range(n)]
    write_rows(connection, kinds, NAMES, iter(given))
    found = connection.execute(select(*(kinds.c[name] for name in NAMES)).order_by(kinds.c.id))
    assert [tuple(row) for row in found] == given
