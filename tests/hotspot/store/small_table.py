"""A small table with something of every type in it, on either store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from hotspot.store import engine as engines
from tests.hotspot.cql2 import strategies
from tests.hotspot.store import filtering

if TYPE_CHECKING:
    from contextlib import ExitStack

    import pytest
    from sqlalchemy import Connection

    from tests.hotspot.store.filtering import Filtered

_NEW_YEAR_S = 1_767_225_600
"""2026-01-01T00:00:00Z."""


def _row(**values: object) -> dict[str, object]:
    return values


ROWS = [
    _row(name="Äb", other="Ab", rank=1, score=0.5, sure=True, day="2026-01-01", until="2026-01-03",
         started=_NEW_YEAR_S, ended=_NEW_YEAR_S + 2, tags=["a", "b"], geometry=shapely.Point(0, 0)),
    _row(name="ab", other="ab", rank=2, score=-2.25, sure=False, day="2026-01-02", until="2026-01-02",
         started=_NEW_YEAR_S + 1, ended=_NEW_YEAR_S + 3, tags=["b"], geometry=shapely.box(0, 0, 2, 2)),
    _row(name="a_b", other="100%", rank=-3, score=0.0, sure=True, day="2026-01-03", until="2026-01-06",
         started=_NEW_YEAR_S + 3, ended=_NEW_YEAR_S + 3, tags=[],
         geometry=shapely.LineString([(0, 2), (4, 2)])),
    _row(name="Straße", other="STRASSE", rank=0, score=1e6, sure=None, day="2026-01-04", until=None,
         started=None, ended=_NEW_YEAR_S + 5, tags=["c", '"', ","], geometry=shapely.box(2, 2, 4, 4)),
    _row(name="*", other="[x]", rank=20, score=1e200, sure=False, day=None, until="2026-01-05",
         started=_NEW_YEAR_S + 4, ended=None, tags=None, geometry=shapely.MultiPoint([(1, 1), (4, 4)])),
    _row(name=None, other=None, rank=None, score=None, sure=None, day=None, until=None,
         started=None, ended=None, tags=None, geometry=None),
    _row(name="", other="ΟΔΟΣ", rank=7, score=1e-200, sure=True, day="2026-01-05", until="2026-01-05",
         started=_NEW_YEAR_S + 5, ended=_NEW_YEAR_S + 6, tags=["a", "b", "c"],
         geometry=shapely.MultiLineString([[(0, 0), (1, 1)], [(3, 3), (4, 3)]])),
]  # fmt: skip


class Stores:
    """A transaction on each store, with the small table in it."""

    def __init__(
        self, opened: ExitStack, folders: pytest.TempPathFactory, request: pytest.FixtureRequest
    ) -> None:
        self._opened = opened
        self._folders = folders
        self._request = request
        self._made: dict[str, tuple[Connection, Filtered]] = {}

    def of(self, kind: str) -> tuple[Connection, Filtered]:
        if kind not in self._made:
            cluster = self._request.getfixturevalue("postgis") if kind == "postgis" else None
            folder = self._folders.mktemp("filters")
            engine = self._opened.enter_context(filtering.fresh_engine(kind, folder, cluster))
            connection = self._opened.enter_context(engines.begin(engine))
            types = {name: type_ for name, type_ in strategies.QUERYABLES.items() if name != "geometry"}
            self._made[kind] = connection, filtering.make(connection, "small", types, ROWS)
        return self._made[kind]
