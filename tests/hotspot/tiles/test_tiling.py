"""Claims about how maps are cut into tiles."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import NotFound
from hotspot.tiles.tiling import (
    EXTENT,
    NETHERLANDS_RD_NEW_QUAD,
    TILE_MATRIX_SETS,
    WEB_MERCATOR_QUAD,
    Tile,
    TileMatrixSet,
    limits,
    parse_matrix_set,
)


def test_web_mercator_quad__has_the_numbers_of_the_standard() -> None:
    # OGC 17-083r4, annex D.1, table D.1: level, scale denominator, cell size.
    for level, denominator, cell_m in [
        (0, 559_082_264.028717, 156_543.033928041),
        (1, 279_541_132.014358, 78_271.5169640204),
        (14, 34_123.6733415964, 9.55462853564703),
        (23, 66.6477994952, 0.0186613838587),
    ]:
        assert WEB_MERCATOR_QUAD.scale_denominator(level) == pytest.approx(denominator, rel=1e-10)
        assert WEB_MERCATOR_QUAD.cell_m(level) == pytest.approx(cell_m, rel=1e-10)
    assert WEB_MERCATOR_QUAD.north_m == -WEB_MERCATOR_QUAD.west_m == pytest.approx(20_037_508.3427892)
    assert WEB_MERCATOR_QUAD.levels == 25


def test_netherlands_rd_new_quad__has_the_numbers_of_the_dutch_guide() -> None:
    assert NETHERLANDS_RD_NEW_QUAD.cell_m(0) == 3440.64
    assert NETHERLANDS_RD_NEW_QUAD.cell_m(14) == 0.21
    assert NETHERLANDS_RD_NEW_QUAD.scale_denominator(0) == pytest.approx(12_288_000)
    assert NETHERLANDS_RD_NEW_QUAD.scale_denominator(1) == pytest.approx(6_144_000)
    world = Tile(NETHERLANDS_RD_NEW_QUAD, 0, 0, 0)
    assert world.sides_m() == pytest.approx((-285_401.92, 22_598.08, 595_401.92, 903_401.92))


def test_tile__lies_where_every_map_on_the_web_has_it() -> None:
    # Zoom 14, x 8450, y 5495 is the tile with the Vrijthof in Maastricht.
    west, south, east, north = Tile(WEB_MERCATOR_QUAD, 14, 5495, 8450).sides_m()
    vrijthof_m = (math.radians(5.6888) * 6_378_137, math.asinh(math.tan(math.radians(50.8489))) * 6_378_137)
    assert west < vrijthof_m[0] < east
    assert south < vrijthof_m[1] < north
    assert east - west == pytest.approx(2445.98, abs=0.01)


def test_tile__is_widened_by_its_units() -> None:
    tile = Tile(NETHERLANDS_RD_NEW_QUAD, 3, 2, 1)
    plain, wide = tile.sides_m(), tile.sides_m(buffer=EXTENT // 2)
    assert wide[2] - wide[0] == pytest.approx(2 * (plain[2] - plain[0]))


@pytest.mark.parametrize(
    ("level", "row", "column"), [(25, 0, 0), (3, 8, 0), (3, 0, 8), (-1, 0, 0), (3, -1, 0)]
)
def test_tile__that_the_set_does_not_have_is_not_found(level: int, row: int, column: int) -> None:
    with pytest.raises(NotFound, match=r"WebMercatorQuad.* 0 to \d+, got"):
        Tile(WEB_MERCATOR_QUAD, level, row, column)


@given(st.sampled_from(TILE_MATRIX_SETS), st.integers(1, 14), st.data())
def test_tiles__of_one_level_lie_beside_each_other(
    matrix_set: TileMatrixSet, level: int, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, 2**level - 2))
    column = data.draw(st.integers(0, 2**level - 2))
    here = Tile(matrix_set, level, row, column).sides_m()
    assert Tile(matrix_set, level, row, column + 1).sides_m()[0] == pytest.approx(here[2], abs=1e-6)
    assert Tile(matrix_set, level, row + 1, column).sides_m()[3] == pytest.approx(here[1], abs=1e-6)
    above = Tile(matrix_set, level - 1, row // 2, column // 2).sides_m()
    assert above[0] - 1e-6 <= here[0] <= here[2] <= above[2] + 1e-6


def test_limits__are_the_outermost_tiles_that_hold_something() -> None:
    box = (176_000.0, 317_000.0, 177_000.0, 318_000.0)
    for found in limits(NETHERLANDS_RD_NEW_QUAD, box):
        first = Tile(NETHERLANDS_RD_NEW_QUAD, found.level, found.first_row, found.first_column)
        last = Tile(NETHERLANDS_RD_NEW_QUAD, found.level, found.last_row, found.last_column)
        west, _, _, north = first.sides_m(buffer=64)
        _, south, east, _ = last.sides_m(buffer=64)
        assert west <= box[0] < box[2] <= east
        assert south <= box[1] < box[3] <= north
        side_m = NETHERLANDS_RD_NEW_QUAD.size_m / 2**found.level
        assert east - west < (box[2] - box[0]) + 2.1 * side_m


def test_limits__of_what_lies_outside_are_still_tiles() -> None:
    for found in limits(NETHERLANDS_RD_NEW_QUAD, (-1e7, -1e7, -9e6, -9e6)):
        assert (found.first_row, found.last_row) == (2**found.level - 1,) * 2
        assert (found.first_column, found.last_column) == (0, 0)


@given(st.text())
def test_parse_matrix_set__any_text_is_a_set_or_not_found(text: str) -> None:
    try:
        assert parse_matrix_set(text).id == text
    except NotFound as error:
        assert "WebMercatorQuad, NetherlandsRDNewQuad" in str(error)


def test_parse_matrix_set__knows_those_that_are_offered() -> None:
    assert parse_matrix_set("NetherlandsRDNewQuad") is NETHERLANDS_RD_NEW_QUAD
    with pytest.raises(NotFound, match="one of WebMercatorQuad, got 'NetherlandsRDNewQuad'"):
        parse_matrix_set("NetherlandsRDNewQuad", (WEB_MERCATOR_QUAD,))
