"""Boxes are read in the axis order of their system, and only those that are on the globe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import space
from hotspot.catalogue import Reference
from hotspot.errors import InvalidParameter
from hotspot.selection import Box


@given(
    west=st.floats(-180, 180), south=st.floats(-90, 90), east=st.floats(-180, 180), north=st.floats(-90, 90)
)
def test_box__is_read_back_exactly(west: float, south: float, east: float, north: float) -> None:
    south, north = sorted((south, north))
    flat = space.numbers(f"{west!r},{south!r},{east!r},{north!r}")
    assert flat == (west, south, east, north)
    assert space.numbers(f"{west!r}, {south!r},-5,{east!r},{north!r},1e3") == flat
    assert space.box(flat, Reference.CRS84) == Box(west, south, east, north, Reference.CRS84)
    turned = space.box((south, west, north, east), Reference.ETRS89)
    assert turned == Box(west, south, east, north, Reference.ETRS89)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,4,5,6,7",
        "a,b,c,d",
        "nan,0,1,1",
        "0,0,inf,1",
        "1_0,0,20,1",
        "0,0,5,1,1,4",
        "٣,0,5,1",
    ],
)
def test_numbers__are_four_or_six(text: str) -> None:
    with pytest.raises(InvalidParameter, match="bbox must"):
        space.numbers(text)


@pytest.mark.parametrize(
    ("corners", "system"),
    [
        ((0, 1, 1, 0), Reference.CRS84),
        ((0, 0, 1, 91), Reference.CRS84),
        ((-181, 0, 1, 1), Reference.CRS84),
        ((0, 0, 181, 1), Reference.CRS84),
        ((0, 0, float("inf"), 1), Reference.CRS84),
        ((0, 0, 91, 1), Reference.ETRS89),
        ((1, 0, 0, 1), Reference.PLANE),
        ((0, 1, 1, 0), Reference.PLANE),
        ((0, 0, 1e9, 1), Reference.WEB_MERCATOR),
        ((0, 0, float("inf"), 1), Reference.PLANE),
    ],
)
def test_box__is_one(corners: tuple[float, float, float, float], system: Reference) -> None:
    with pytest.raises(InvalidParameter, match="bbox must be"):
        space.box(corners, system)


def test_box__may_cross_the_antimeridian_in_degrees_only() -> None:
    assert space.box((170, -10, -170, 10), Reference.CRS84).west == 170
    assert space.box((-10, 170, 10, -170), Reference.ETRF2000).west == 170
    with pytest.raises(InvalidParameter):
        space.box((170, -10, -170, 10), Reference.PLANE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", Reference.CRS84),
        ("https://www.opengis.net/def/crs/EPSG/0/28992", Reference.PLANE),
        ("[EPSG:4258]", Reference.ETRS89),
        ("urn:ogc:def:crs:EPSG::3857", Reference.WEB_MERCATOR),
    ],
)
def test_reference__is_known_by_its_uri_curie_and_urn(text: str, expected: Reference) -> None:
    assert space.CRS.parse(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "http://www.opengis.net/def/crs/0/unsupported",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "EPSG:28992",
        "28992",
        "",
    ],
)
def test_reference__that_is_not_served_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="crs must be one of http"):
        space.CRS.parse(text)
