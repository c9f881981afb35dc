"""The map: its metres are metres, its signs do not hide each other, and it is told apart without colour."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.maps import rows as map_page
from hotspot.report import clock, look, plan
from hotspot.report.ground import Ground, bar_m, frame
from tests.hotspot.report import published

if TYPE_CHECKING:
    from collections.abc import Sequence

SVG = "{http://www.w3.org/2000/svg}"
CITY = (400.0, 540.0)


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 -- our own drawing.


def marks(*, n: int | None = None) -> list[plan.Mark]:
    found = published.features()[:n]
    themes = sorted(published.LABELS)
    return [
        plan.Mark(one, look.sign(one["properties"], themes), look.colour(one["properties"]["theme"], themes))
        for one in found
    ]


def city(chosen: Sequence[plan.Mark], code: str | None = None, title: str = "map") -> str:
    return plan.plan(published.areas(), chosen, code=code, title=title, widths_px=CITY, height_px=420.0)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-65, 65),
    east=st.floats(-8_000, 8_000),
    north=st.floats(-8_000, 8_000),
)
def test_ground__measures_as_the_ellipsoid_does(lon: float, lat: float, east: float, north: float) -> None:
    geod = pyproj.Geod(ellps="WGS84")
    far_m = math.hypot(east, north)
    to_lon, to_lat, _ = geod.fwd(lon, lat, math.degrees(math.atan2(east, north)), far_m)
    to_lon += 360 * round((lon - to_lon) / 360)
    moved = Ground(lon, lat).metres(shapely.Point(to_lon, to_lat))
    # Meridians draw together to the north: the longer the way and the nearer the pole, the more.
    ((x_m, y_m),) = shapely.get_coordinates(moved).tolist()
    assert math.hypot(x_m - east, y_m - north) <= 0.004 * far_m + 0.01


@given(st.floats(1e-3, 1e7))
def test_scale_bar__is_a_round_length_that_fits(most_m: float) -> None:
    length = bar_m(most_m=most_m)
    assert most_m / 2.6 < length <= most_m
    assert f"{length:e}"[0] in "125"


def test_scale_bar__is_as_long_as_it_says() -> None:
    svg = city([], published.CENTRE)
    bars = [one for one in drawn(svg).findall(f"{SVG}rect") if one.get("height") == "5"]
    said = [one.text for one in drawn(svg).findall(f"{SVG}text")]
    assert said[:3] == ["0", "100", "200 m"]
    px_per_m = sum(float(str(one.get("width"))) for one in bars) / 200
    (home,) = (one for one in published.areas() if one["properties"]["code"] == published.CENTRE)
    west, south, east, north = shapely.geometry.shape(home["geometry"]).bounds
    wide_m = pyproj.Geod(ellps="WGS84").inv(west, (south + north) / 2, east, (south + north) / 2)[2]
    edge = next(one for one in drawn(svg).iter(f"{SVG}path") if one.get("stroke") == look.CHOSEN_BORDER)
    xs = [float(x) for x in re.findall(r"[ML]([-\d.]+) ", str(edge.get("d")))]
    assert (max(xs) - min(xs)) / wide_m == pytest.approx(px_per_m, rel=0.002)


def test_frame__shows_all_in_the_middle() -> None:
    view = frame([shapely.box(0, 0, 100, 50)], width_px=300, height_px=300, margin=0.25)
    corners = view.pixels(np.array([[0.0, 50.0], [100.0, 0.0]])).tolist()
    assert corners == [[50.0, 100.0], [250.0, 200.0]]


def test_plan__is_the_same_each_time_and_asks_for_nothing() -> None:
    svg = city(marks())
    assert svg == city(marks())
    assert not re.search(r"href|url\((?!#)|<script|<image", svg)


def test_plan__writes_names_as_text() -> None:
    svg = city(marks(n=1), title="<script>&")
    assert drawn(svg).findtext(f"{SVG}title") == "<script>&"


def test_plan__signs_lie_on_no_other() -> None:
    svg = drawn(city(marks()))
    boxes = []
    for badge in svg.iter(f"{SVG}rect"):
        if badge.get("rx"):
            x, y, wide, high = (float(str(badge.get(name))) for name in ("x", "y", "width", "height"))
            boxes.append(shapely.box(x, y, x + wide, y + high))
    assert len(boxes) == len(marks())
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))


def test_plan__tells_kind_and_grade_by_shape_and_outline() -> None:
    acute, chronic = (
        plan.sign_alone(plan.Mark(published.hotspot(kind=kind), "A1", "#105c9e"))
        for kind in ("acute", "chronic")
    )
    likely = plan.sign_alone(plan.Mark(published.hotspot(grade="likely"), "A1", "#105c9e"))
    assert 'rx="11"' in acute
    assert 'rx="2.5"' in chronic
    assert "stroke-dasharray" in likely
    assert "stroke-dasharray" not in acute


def test_plan__draws_what_has_no_sign_without_one() -> None:
    silent = [plan.Mark(one.feature, "", one.colour) for one in marks()]
    assert not [one for one in drawn(city(silent)).iter(f"{SVG}rect") if one.get("rx")]


def test_plan__of_a_district_shows_its_neighbourhoods() -> None:
    parent = published.areas()[0]["properties"]["parent_code"]
    chosen = [one for one in published.areas() if one["properties"]["parent_code"] == parent]
    svg = city([], parent)
    assert svg.count(f'fill="{look.CHOSEN_LAND}"') == len(chosen) > 1


def test_colours__are_those_of_the_map_page() -> None:
    assert [tuple(int(one[at : at + 2], 16) for at in (1, 3, 5)) for one in look.THEME_COLOURS] == list(
        map_page.THEME_COLOURS
    )


def test_strip__marks_the_hours_that_are_named_across_midnight() -> None:
    svg = drawn(clock.strip(published.hours(23, 20), peak=(22, 3), title="hours"))
    bars = [one for one in svg.findall(f"{SVG}rect") if one.get("fill") == look.HEAT[-1]]
    assert sorted(int(float(str(one.get("x"))) // 6) for one in bars) == [0, 22, 23]


def test_strip__of_nothing_is_empty() -> None:
    svg = drawn(clock.strip([[0.0] * 24] * 7, peak=None, title="hours"))
    assert not [one for one in svg.findall(f"{SVG}rect") if one.get("fill") in look.HEAT]


def test_week__draws_what_happened_darker_than_nothing() -> None:
    hours = [[0.0] * 24 for _ in range(7)]
    hours[4][22], hours[0][3] = 50.0, 0.1
    svg = drawn(clock.week(hours, language="nl", title="week"))
    fills = [one.get("fill") for one in svg.findall(f"{SVG}rect")]
    assert len(fills) == 168
    assert (fills[4 * 24 + 22], fills[3], fills[4]) == (look.HEAT[-1], look.HEAT[1], look.HEAT[0])
    assert [one.text for one in svg.findall(f"{SVG}text")][:7] == ["ma", "di", "wo", "do", "vr", "za", "zo"]
