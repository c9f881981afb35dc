"""A shape is the same in three systems, rounded, valid, and turned the right way round."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from hotspot.crs import Plane
from hotspot.errors import InvalidParameter
from hotspot.shapes import rounded, served_shapes, to_mercator

PLANE = Plane(28992)


def test_served_shapes__are_the_same_place_in_every_system() -> None:
    shape = shapely.Point(176_200.00004, 318_200).buffer(80)
    found = served_shapes([shape, None, shapely.Point(176_200.12345678, 318_200)], PLANE)
    assert found.plane[1] is found.deg[1] is found.mercator[1] is None
    assert found.plane[2].equals(shapely.Point(176_200.1235, 318_200))
    back_m = PLANE.to_metres(shapely.get_coordinates(found.deg[0]))
    np.testing.assert_allclose(back_m, shapely.get_coordinates(found.plane[0]), atol=0.001)
    assert found.deg[0].exterior.is_ccw
    assert (
        shapely.get_coordinates(found.deg[0])[0].tolist()
        == shapely.get_coordinates(found.deg[0])[-1].tolist()
    )


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_to_mercator__is_what_proj_makes_of_it(lon_deg: float, lat_deg: float) -> None:
    made = to_mercator(np.array([[lon_deg, lat_deg]]))[0]
    theirs = Transformer.from_crs("OGC:CRS84", "EPSG:3857", always_xy=True).transform(lon_deg, lat_deg)
    np.testing.assert_allclose(made, theirs, atol=1e-6)


def test_served_shapes__mends_what_rounding_broke() -> None:
    # A spike a hundredth of a millimetre wide closes when its corners are rounded.
    spiked = shapely.Polygon(
        [(0, 0), (10, 0), (10, 10), (5.00001, 10), (5.00001, 20), (5.00002, 20), (5.00002, 10), (0, 10)]
    )
    moved = shapely.transform(spiked, lambda xy_m: np.add(xy_m, (176_000, 318_000)))
    found = served_shapes([moved], PLANE)
    assert found.plane[0].is_valid
    assert found.deg[0].is_valid
    assert math.isclose(found.plane[0].area, 100, abs_tol=0.01)


@given(st.floats(-1e20, 1e20), st.sampled_from([0, 3, 4, 8]), st.integers(-4, 4))
def test_rounded__is_what_python_rounds_to(value: float, decimals: int, ulps: int) -> None:
    # Beside the middle of two is where a product that is itself rounded could err.
    middle = (math.floor(value % 1e6 * 10**decimals) + 0.5) / 10**decimals
    given_m = np.array([value, middle + ulps * math.ulp(middle)])
    assert rounded(given_m, decimals).tolist() == [round(one, decimals) + 0.0 for one in given_m.tolist()]


def test_rounded__refuses_what_lies_nowhere() -> None:
    with pytest.raises(InvalidParameter, match="must lie where its plane is defined"):
        rounded(np.array([[math.inf, 0.0]]), 3)


def test_served_shapes__of_nothing_is_nothing() -> None:
    assert served_shapes([], PLANE).deg.tolist() == []
    assert served_shapes([None], PLANE).plane.tolist() == [None]
