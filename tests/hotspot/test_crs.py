"""Claims about planes and coordinates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.crs import LON_LAT, Plane, parse_crs, transform
from hotspot.errors import InvalidCrs


def test_plane__puts_the_origin_of_the_dutch_grid_where_it_is_published() -> None:
    # Onze Lieve Vrouwetoren, Amersfoort: the published centre of the Dutch grid, false origin 155000, 463000.
    assert Plane(28992).to_metres([[5.38720621, 52.15517440]])[0] == pytest.approx(
        [155_000, 463_000], abs=1.0
    )


@given(st.floats(170_000, 183_000), st.floats(312_000, 325_000))
def test_plane__there_and_back_is_the_same_place(x_m: float, y_m: float) -> None:
    plane = Plane(28992)
    assert plane.to_metres(plane.to_lon_lat([[x_m, y_m]]))[0] == pytest.approx([x_m, y_m], abs=0.001)


def test_transform__reads_feet_as_feet() -> None:
    metres = transform(
        [[885_406.8, 1_008_727.0], [885_406.8 + 1000.0, 1_008_727.0]],
        source="ESRI:102696",
        target="EPSG:26915",
    )
    assert np.hypot(*(metres[1] - metres[0])) == pytest.approx(304.8, abs=0.2)


@pytest.mark.parametrize(
    ("srid", "why"),
    [(4326, "projected"), (2263, "foot"), (99_999_999, "code"), (-1, "code"), (4978, "projected")],
)
def test_plane__refuses_what_is_not_in_metres(srid: int, why: str) -> None:
    with pytest.raises(InvalidCrs, match=why):
        Plane(srid)


@pytest.mark.parametrize("srid", [3857, 3395])
def test_plane__refuses_a_web_map_whose_metres_are_not_those_on_the_ground(srid: int) -> None:
    with pytest.raises(
        InvalidCrs, match=rf"must measure metres on the ground .*EPSG:28992.* got EPSG:{srid} .*1\.00 to"
    ):
        Plane(srid)


@pytest.mark.parametrize("srid", [28992, 31370, 25831, 25832, 3035, 2154, 27700, 3067, 2056, 26915])
def test_plane__measures_metres_on_the_ground(srid: int) -> None:
    assert Plane(srid).code == f"EPSG:{srid}"


def test_plane__of_the_dutch_grid_is_true_where_a_web_map_is_not() -> None:
    # A hundred metres to the east of Maastricht's Vrijthof, on the ellipsoid.
    here, there = np.array([5.6880, 50.8490]), np.array([5.6880 + 100 / 70_368.0, 50.8490])
    true_m = np.diff(Plane(28992).to_metres([here, there]), axis=0)
    web_m = np.diff(transform([here, there], source=LON_LAT, target="EPSG:3857"), axis=0)
    assert np.hypot(*true_m[0]) == pytest.approx(100, abs=0.3)
    assert np.hypot(*web_m[0]) == pytest.approx(158, abs=1)


# The library searches its whole catalogue for a name that it does not know: a third of a second each.
@settings(max_examples=8)
@given(st.text())
def test_parse_crs__any_text_parses_or_raises_our_error(text: str) -> None:
    try:
        parse_crs(text)
    except InvalidCrs as error:
        assert repr(text) in str(error)


def test_transform__takes_longitude_first() -> None:
    there = transform([[5.69, 50.85]], source=LON_LAT, target="EPSG:4326")
    assert there[0] == pytest.approx([5.69, 50.85])
