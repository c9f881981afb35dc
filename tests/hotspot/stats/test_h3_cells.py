import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.h3_cells import h3_area_m2, h3_boundaries, h3_cell_of, h3_counts, h3_parse, h3_text

# The examples of H3's own documentation (h3geo.org).
SAN_FRANCISCO = (-122.418307270836, 37.7752702151959)
CUPERTINO = (-122.0553238, 37.3615593)
VRIJTHOF = (5.6885, 50.8489)


def test_h3_cell_of__is_the_one_of_the_documentation() -> None:
    cell = h3_cell_of(np.array([SAN_FRANCISCO[0]]), np.array([SAN_FRANCISCO[1]]), resolution=9)
    assert h3_text(cell) == ["8928308280fffff"]
    assert h3_parse(["8928308280fffff"]).tolist() == cell.tolist()
    cell = h3_cell_of(np.array([CUPERTINO[0]]), np.array([CUPERTINO[1]]), resolution=7)
    assert h3_text(cell) == ["87283472bffffff"]


def test_h3_counts__add_up_what_lies_together() -> None:
    lon_deg = np.array([VRIJTHOF[0], SAN_FRANCISCO[0], VRIJTHOF[0]])
    lat_deg = np.array([VRIJTHOF[1], SAN_FRANCISCO[1], VRIJTHOF[1]])
    cell = h3_cell_of(lon_deg, lat_deg, resolution=9)
    counted = h3_counts(cell)
    assert dict(zip(counted.cell.tolist(), counted.count.tolist(), strict=True)) == {
        cell[0].item(): 2.0,
        cell[1].item(): 1.0,
    }
    assert h3_counts(cell, weights=np.array([0.5, 3.0, 1.0])).count.sum() == 4.5
    assert h3_counts(cell[:0]).cell.size == 0
    assert h3_cell_of(lon_deg[:0], lat_deg[:0], resolution=3).dtype == np.uint64


@given(st.floats(3.4, 7.2), st.floats(50.8, 53.5), st.integers(4, 12))
def test_h3_boundaries__hold_the_place(lon_deg: float, lat_deg: float, resolution: int) -> None:
    cell = h3_cell_of(np.array([lon_deg]), np.array([lat_deg]), resolution=resolution)
    corners_deg = h3_boundaries(cell)[0]
    outline = shapely.Polygon(corners_deg)
    # Sides are great circles; on the map they are straight to a thousandth of the cell.
    assert outline.distance(shapely.Point(lon_deg, lat_deg)) < 1e-3 * outline.length
    assert outline.exterior.is_ccw


def test_h3_area__is_not_the_same_everywhere() -> None:
    lon_deg, lat_deg = np.array([VRIJTHOF[0], 20.0]), np.array([VRIJTHOF[1], -89.0])
    area_m2 = h3_area_m2(h3_cell_of(lon_deg, lat_deg, resolution=9))
    assert 80_000 < area_m2[0] < 130_000
    assert abs(area_m2[0] / area_m2[1] - 1) > 0.05


def test_h3_cells__refuse_what_is_none() -> None:
    one = np.zeros(1)
    for resolution in (-1, 16):
        with pytest.raises(InvalidParameter, match="resolution must be 0 to 15"):
            h3_cell_of(one, one, resolution=resolution)
    for lon_deg, lat_deg in ((np.nan, 0.0), (181.0, 0.0), (0.0, -91.0)):
        with pytest.raises(InvalidParameter, match="lon_deg and lat_deg must be"):
            h3_cell_of(np.array([lon_deg]), np.array([lat_deg]), resolution=9)
    for text in ("", "Vrijthof", "-1", "0", "ffffffffffffffffff"):
        with pytest.raises(InvalidParameter, match="H3"):
            h3_parse([text])
    for answer in (h3_boundaries, h3_area_m2):
        with pytest.raises(InvalidParameter, match="H3"):
            answer(np.array([5], np.uint64))
