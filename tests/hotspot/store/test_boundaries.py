"""Boundaries come back as they were stored; the box filter is exact."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hotspot.errors import InvalidInput, NotFound, StoreNotReady
from hotspot.model import Level
from hotspot.store import boundaries, municipality, tables
from tests import factories
from tests.hotspot.store.fragments import METRES_PER_DEGREE, fragments

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.model import Boundaries


@pytest.fixture
def connection(connection: Connection) -> Connection:
    municipality.write_municipality(connection, factories.municipality())
    return connection


def _write(connection: Connection, areas: Boundaries) -> None:
    boundaries.write_boundaries(connection, areas, fragments(areas))


def _n_sets(connection: Connection) -> int | None:
    return connection.scalar(select(func.count()).select_from(tables.boundary_sets))


def test_boundaries__come_back_to_the_last_bit(connection: Connection) -> None:
    odd = shapely.MultiPolygon(
        [shapely.Point(176_000 + math.pi, 318_000 + math.e).buffer(math.sqrt(2) * 100)]
    )
    written = factories.boundaries(
        [
            factories.area("BU01", geometry=odd, name="Ünïcode 't"),
            factories.area("BU02", inhabitants=None, parent_code=None),
        ]
    )
    _write(connection, written)
    read = boundaries.read_boundaries(connection)
    assert read == written
    assert shapely.to_wkb(read.areas[0].geometry) == shapely.to_wkb(odd)


def test_boundaries__are_not_stored_twice(connection: Connection) -> None:
    _write(connection, factories.boundaries())
    first = boundaries.content_hash(connection)
    _write(connection, factories.boundaries())
    assert (_n_sets(connection), boundaries.content_hash(connection)) == (1, first)


def test_boundaries__keep_earlier_vintages(connection: Connection) -> None:
    for vintage in (2017, 2024, 2020):
        _write(connection, factories.boundaries(vintage=vintage))
    assert boundaries.read_boundaries(connection).vintage == 2024
    assert boundaries.read_boundaries(connection, vintage=2017).vintage == 2017
    with pytest.raises(NotFound, match="1999"):
        boundaries.read_boundaries(connection, vintage=1999)


def test_boundaries__real_borders_come_before_drawings_whatever_their_year(connection: Connection) -> None:
    _write(connection, factories.boundaries(vintage=2017))
    _write(connection, factories.boundaries(vintage=2026, schematic=True, source="drawn"))
    assert not boundaries.read_boundaries(connection).schematic
    _write(connection, factories.boundaries(vintage=2026, schematic=True, source="drawn"))
    assert _n_sets(connection) == 2


def test_boundaries__a_corrected_set_of_one_vintage_is_the_one_in_force(connection: Connection) -> None:
    _write(connection, factories.boundaries())
    _write(connection, factories.boundaries(source="corrected"))
    assert boundaries.read_boundaries(connection).source == "corrected"


def test_boundaries__ask_to_be_loaded_where_there_are_none(connection: Connection) -> None:
    with pytest.raises(StoreNotReady, match="hotspot load boundaries"):
        boundaries.read_boundaries(connection)
    assert boundaries.area_page(connection, Level.DISTRICT, limit=10).matched == 0
    with pytest.raises(NotFound):
        boundaries.area_feature(connection, Level.DISTRICT, "WK01")


def test_boundaries__need_a_feature_for_each_area(connection: Connection) -> None:
    with pytest.raises(InvalidInput, match="BU01"):
        boundaries.write_boundaries(connection, factories.boundaries(), {})


def test_area_page__pages_neither_overlap_nor_skip(connection: Connection) -> None:
    _write(connection, factories.boundaries(vintage=2016))
    _write(connection, factories.boundaries())
    pages = [
        boundaries.area_page(connection, Level.NEIGHBOURHOOD, limit=3, offset=offset) for offset in (0, 3, 6)
    ]
    codes = [[json.loads(text)["id"] for text in page.fragments] for page in pages]
    assert [page.matched for page in pages] == [4, 4, 4]
    assert codes == [["BU01", "BU02", "BU03"], ["BU04"], []]


def test_area_feature__is_the_text_that_was_stored(connection: Connection) -> None:
    _write(connection, factories.boundaries())
    text = boundaries.area_feature(connection, Level.DISTRICT, "WK01")
    assert text == fragments(factories.boundaries())[Level.DISTRICT, "WK01"]
    with pytest.raises(NotFound, match="neighbourhood 'WK01'"):
        boundaries.area_feature(connection, Level.NEIGHBOURHOOD, "WK01")


side = st.integers(-20, 120)
"""Tens of metres."""


@given(sides=st.tuples(side, side, side, side))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_area_page__a_box_finds_what_it_touches_and_nothing_else(
    connection: Connection, sides: tuple[int, int, int, int]
) -> None:
    """Triangles, so that boxes touch whose shapes do not; boxes without width or height too."""
    corners = [(0, 0), (500, 0), (0, 500), (500, 500)]
    areas = factories.boundaries(
        [
            factories.area(
                f"BU{n}",
                geometry=shapely.MultiPolygon(
                    [
                        shapely.Polygon(
                            [
                                (176_000 + x, 318_000 + y),
                                (176_500 + x, 318_000 + y),
                                (176_000 + x, 318_500 + y),
                            ]
                        )
                    ]
                ),
            )
            for n, (x, y) in enumerate(corners)
        ]
    )
    _write(connection, areas)
    west, east = sorted(sides[:2])
    south, north = sorted(sides[2:])
    box = (west, south, east, north)
    w, s, e, n = (10 * tens / METRES_PER_DEGREE for tens in box)
    page = boundaries.area_page(connection, Level.NEIGHBOURHOOD, bbox_deg=(w, s, e, n), limit=100)
    # The oracle reckons in whole tens of metres: a triangle holds what is left of its slope.
    expected = [
        f"BU{n}"
        for n, (x, y) in enumerate((x // 10, y // 10) for x, y in corners)
        if box[0] <= x + 50 and box[2] >= x and box[1] <= y + 50 and box[3] >= y
        and max(box[0], x) - x + max(box[1], y) - y <= 50
    ]  # fmt: skip
    assert [json.loads(text)["id"] for text in page.fragments] == expected
    assert page.matched == len(expected)
