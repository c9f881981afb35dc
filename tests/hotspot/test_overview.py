"""What lists and maps need of a week, small enough to be sent as a whole."""

from __future__ import annotations

import json
import math
import zlib
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.overview import STEP_DEG, is_changed, row, steps, written
from tests import overviews

SQUARE = {"type": "Polygon", "coordinates": [[[5.0, 50.0], [5.001, 50.0], [5.001, 50.001], [5.0, 50.0]]]}


def feature(name: str = "hs-a", geometry: Any = SQUARE, **said: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    usual = {"id": name, "theme": "theft", "kind": "acute", "grade": "likely", "rank": 1}
    return {"geometry": geometry, "properties": usual | said}


def told(*features: dict[str, Any], exact: bool = False, areas: tuple[str, ...] = ("BU1",)) -> dict[str, Any]:
    made = [row(one, areas, exact=exact) for one in features]
    # What is stored is this text.
    stored = json.loads(json.dumps(made))
    read: dict[str, Any] = json.loads(written(stored, themes=("drugs", "theft"), names={"WK1": "West"}))
    return read


def test_columns__are_words_numbers_and_steps_from_the_corner() -> None:
    east = {"type": "Polygon", "coordinates": [[[5.01, 50.0], [5.02, 50.0], [5.02, 50.01], [5.01, 50.0]]]}
    both = told(
        feature(
            rank=1, neighbourhood="BU1", neighbourhood_name="Wyck", expected=1.23456, centroid=[5.0005, 50.0]
        ),
        feature("hs-b", east, rank=2, expected=None, theme="drugs", neighbourhood=None),
        areas=("WK1", "BU1"),
    )
    assert both["words"] == {"theme": ["drugs", "theft"], "kind": ["acute"], "grade": ["likely"]}
    assert both["areas"] == [["BU1", "Wyck"], ["WK1", "West"]]
    assert both["origin_deg"] == [5.0, 50.0]
    assert both["hotspots"] == {
        "id": ["hs-a", "hs-b"],
        "theme": [1, 0],
        "kind": [0, 0],
        "grade": [0, 0],
        "rank": [1, 2],
        "expected": [1.23, None],
        "neighbourhood": [0, None],
        "touches": [[0, 1], [0, 1]],
        "centroid": [[50, 0], None],
        "footprint": [[[[0, 0, 100, 0, 0, 100]]], [[[1000, 0, 1000, 0, 0, 1000]]]],
    }


def test_what_a_feature_leaves_out__has_no_column_and_no_words() -> None:
    least = told(feature())
    assert set(least["hotspots"]) == {
        *("id", "theme", "kind", "grade", "rank", "neighbourhood", "touches", "footprint")
    }
    assert set(least["words"]) == {"theme", "kind", "grade"}
    assert told()["hotspots"] == {name: [] for name in least["hotspots"]}
    # An early edition leaves unsaid what holds of all its hotspots; no lower level may be told it for that.
    early = {name: said for name, said in feature(places=1)["properties"].items() if name != "kind"}
    assert told({"geometry": SQUARE, "properties": early}, exact=True)["words"]["form"] == ["dot"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"event": "new"}, True),
        ({"event": "returned", "previous_rank": 1}, True),
        ({"event": "split", "previous_rank": 1}, True),
        ({"event": "merged", "previous_rank": 1}, True),
        ({"event": "continued", "previous_rank": 2}, True),
        ({"event": "continued", "previous_rank": 1}, False),
        ({"event": "continued", "changes": [{"rank": 1, "observed": 9, "shift_m": 0.0}]}, True),
        ({"event": "continued", "changes": [{"rank": 2, "observed": 8, "shift_m": 0.0}]}, True),
        ({"event": "continued", "changes": [{"rank": 1, "observed": 8, "shift_m": 20.0}]}, True),
        ({"event": "continued", "changes": [{"rank": 1, "observed": 8, "shift_m": 19.9}]}, False),
        ({"event": "continued", "changes": [None, None]}, False),
    ],
)
def test_changed__is_what_a_reader_would_act_on(said: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    assert is_changed({"rank": 1, "observed": 8} | said) is expected


def test_peak__is_told_where_it_is_a_pattern() -> None:
    peak = {"start_hour": 22, "hours": 3, "weekdays": [5, 6], "share": 0.4}
    times = [{"is_pattern": True, "peak": peak}, {"is_pattern": False, "peak": peak}, {"is_pattern": False}]
    found = told(*(feature(f"hs-{n}", hot_times=one) for n, one in enumerate(times)))
    assert found["hotspots"]["peak"] == [[22, 3, [5, 6]], None, None]


@given(
    st.lists(
        st.tuples(st.floats(-179, 179), st.floats(-89, 89), st.integers(3, 60), st.floats(1e-5, 0.5)),
        max_size=4,
    ),
    st.integers(0, 2**32 - 1),
)
def test_steps__lead_back_to_the_shape_within_half_a_step(
    places: list[tuple[float, float, int, float]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    features = []
    for number, (lon, lat, n, radius_deg) in enumerate(places):
        turns = np.linspace(0, 2 * math.pi, n, endpoint=False)
        reach = radius_deg * rng.uniform(0.5, 1, n)
        ring = np.round(
            np.column_stack([lon + reach * np.cos(turns), lat + reach * np.sin(turns)]), 7
        ).tolist()
        hole = np.round(np.array(ring) * 0.2 + 0.8 * np.array([lon, lat]), 7).tolist()
        outline = {
            "type": "MultiPolygon",
            "coordinates": [[[*ring, ring[0]], [*hole, hole[0]]], [[*hole, hole[0]]]],
        }
        features.append(feature(f"hs-{number}", outline))
    found = told(*features)
    for given_one, polygons in zip(features, found["hotspots"]["footprint"], strict=True):
        rings = [one for polygon in given_one["geometry"]["coordinates"] for one in polygon]
        flats = [one for polygon in polygons for one in polygon]
        assert len(rings) == len(flats)
        for ring, flat in zip(rings, flats, strict=True):
            back = np.array(overviews.ring(flat, found["origin_deg"], STEP_DEG))
            expected = np.array(ring[:-1])
            near = np.abs(expected[:, None] - back[None]).max(axis=2).min(axis=1)
            assert near.max() <= STEP_DEG / 2 + 1e-9
            assert (np.diff(back, axis=0) != 0).any(axis=1).all()


def test_steps__of_a_ring_smaller_than_a_step_are_one_point() -> None:
    tiny = {
        "type": "Polygon",
        "coordinates": [[[5.0, 50.0], [5.000001, 50.0], [5.0, 50.000001], [5.0, 50.0]]],
    }
    assert steps(tiny) == [[[500000, 5000000, ""]]]


def crowd(n: int, vertices: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Hotspots as rough as outlines get, that say all that the internal level is told."""
    turns = np.linspace(0, 2 * math.pi, vertices, endpoint=False)
    made = []
    for number in range(n):
        lon, lat = rng.uniform([5.62, 50.8], [5.76, 50.92])
        reach_m = rng.uniform(40, 250) * rng.uniform(0.92, 1.08, vertices)
        ring = np.column_stack(
            [lon + reach_m * np.cos(turns) / 70_300, lat + reach_m * np.sin(turns) / 111_200]
        )
        positions = np.round(ring, 7).tolist()
        observed, expected = int(rng.integers(3, 60)), round(float(rng.uniform(0.3, 20)), 4)
        code = f"BU0935{rng.integers(0, 44):04d}"
        rank = number // 6 + 1
        said = {
            "id": f"hs-{rng.integers(16**12):012x}",
            "theme": "abcdef"[number % 6],
            "kind": str(rng.choice(["acute", "chronic"])),
            "grade": str(rng.choice(["confirmed", "likely"])),
            "rank": rank,
            "previous_rank": rank + int(rng.integers(-1, 3)),
            "rank_lower": max(1, rank - int(rng.integers(0, 9))),
            "rank_upper": rank + int(rng.integers(0, 30)),
            "tie": rank,
            "observed": observed,
            "expected": expected,
            "relative_risk": round(observed / expected, 4),
            "relative_risk_lower": round(observed / expected * 0.6, 4),
            "relative_risk_upper": round(observed / expected * 1.7, 4),
            "form": str(rng.choice(["dot", "line", "area"])),
            "event": str(rng.choice(["new", "continued", "returned"])),
            "lifecycle": str(rng.choice(["new", "persistent", "sporadic"])),
            "weeks_listed": int(rng.integers(1, 50)),
            "too_little_data": bool(rng.random() < 0.1),
            "pile_up": bool(rng.random() < 0.1),
            "caveats": ["small_numbers"] if rng.random() < 0.3 else [],
            "window_start": f"2026-10-{rng.choice(['05', '12', '19'])}",
            "window_end": "2026-11-01",
            "centroid": [round(float(lon), 7), round(float(lat), 7)],
            "neighbourhood": code,
            "neighbourhood_name": code,
            "neighbourhoods": [{"code": code, "name": code}],
            "hot_times": {
                "is_pattern": True,
                "peak": {"start_hour": int(rng.integers(24)), "hours": 3, "weekdays": None},
            },
            "changes": [{"rank": rank, "observed": int(rng.integers(3, 60)), "shift_m": 5.0}],
        }
        outline = {"type": "Polygon", "coordinates": [[*positions, positions[0]][: vertices + 1]]}
        made.append({"geometry": outline, "properties": said})
    return made


def test_two_thousand_hotspots_of_40_vertices__are_less_than_280_kilobytes_on_the_wire() -> None:
    features = crowd(2000, 40, np.random.default_rng(7))
    made = [row(one, [one["properties"]["neighbourhood"], "WK0935"], exact=True) for one in features]
    text = written(json.loads(json.dumps(made)), themes="abcdef", names={})
    assert len(zlib.compress(text.encode(), 4, 31)) < 280_000
    back = overviews.rows(json.loads(text))
    assert [one["id"] for one in back] == [one["properties"]["id"] for one in features]
    shapes = [shapely.geometry.shape(one["geometry"]) for one in features[:50]]
    for one, shape in zip(back, shapes, strict=False):
        assert shapely.hausdorff_distance(one["shape"], shape) <= STEP_DEG
