"""What is published becomes flat rows: every value of the catalogue, and lists for each area."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
import shapely

from hotspot.catalogue import CELLS, HOTSPOTS, INCIDENTS, RANKINGS, Disclosure
from hotspot.served import (
    Disclosed,
    Row,
    area_rows,
    column_values,
    hotspot_rows,
    instant_texts,
    ranking_rows,
    week_rows,
)
from hotspot.sheet import Sheet
from tests import factories
from tests import served as stored
from tests.sheets import sheet

WEEK = stored.WEEK
GROUND = stored.ground()


def _disclosed(*features: object, **more: object) -> Disclosed:
    return Disclosed(factories.publication(features, week=WEEK), **more)  # type: ignore[arg-type]


def test_hotspot_rows__says_what_is_published_flat() -> None:
    deep = {
        "lifecycle_steps": {"trend": "up"},
        "counts": {"weeks_1": 1, "weeks_4": 4, "weeks_12": 12, "weeks_52": 52},
        "hot_times": {"is_pattern": True, "peak": {"start_hour": 22, "hours": 3, "share": 0.4},
            "said": {"nl": "laat", "en": "at night"}},
        "sources": {"citizen": 5, "police": 3, "unknown": 0},
        "neighbourhoods": [{"code": "BU01", "name": "Wyck", "share": 1.0}],
    }  # fmt: skip
    feature = stored.feature("h1", rank=1, week=WEEK, more=deep)
    (row,) = hotspot_rows(_disclosed(feature), edition=2, level=Disclosure.INTERNAL, ground=GROUND)
    said = row.properties
    assert list(said) == [one.name for one in HOTSPOTS.properties]
    assert (said["hotspot_id"], said["week"], said["edition"]) == ("h1", "2010-W30", 2)
    assert (said["trend"], said["counts_weeks_52"], said["sources_police"]) == ("up", 52, 3)
    assert (said["peak_start_hour"], said["when_en"], said["is_pattern"]) == (22, "at night", True)
    assert (said["neighbourhoods"], said["why_nl"], said["why_en"]) == (["BU01"], '"Meer" dan één \\ 1', None)
    assert row.feature_id == "h1-2010-W30"
    assert row.areas == ("BU02", "WK01", "GM0001")


def test_hotspot_rows__tells_lower_levels_less() -> None:
    feature = stored.feature("h1", rank=1, week=WEEK)
    (row,) = hotspot_rows(_disclosed(feature), edition=1, level=Disclosure.OPEN, ground=GROUND)
    assert list(row.properties) == [one.name for one in HOTSPOTS.told(Disclosure.OPEN)]
    assert "score" not in row.properties


def test_hotspot_rows__lasts_from_the_first_to_the_last_second_of_its_local_days() -> None:
    feature = stored.feature("h1", rank=1, week=WEEK)
    (row,) = hotspot_rows(_disclosed(feature), edition=1, level=Disclosure.INTERNAL, ground=GROUND)
    bounds = [dt.datetime.fromtimestamp(one, dt.UTC) for one in (row.starts_s or 0, row.ends_s or 0)]
    assert bounds == [
        dt.datetime(2010, 7, 4, 22, tzinfo=dt.UTC),
        dt.datetime(2010, 8, 1, 21, 59, 59, tzinfo=dt.UTC),
    ]


def test_hotspot_rows__early_editions_last_their_week() -> None:
    (row,) = hotspot_rows(
        _disclosed(factories.feature()), edition=1, level=Disclosure.INTERNAL, ground=GROUND
    )
    assert (row.ends_s or 0) - (row.starts_s or 0) == 7 * 86_400 - 1
    assert row.properties["kind"] == "acute"
    assert row.properties["peak_hours"] is None


def test_hotspot_rows__takes_the_shape_that_is_given_or_the_published_one() -> None:
    circle = shapely.Point(176_000, 318_000).buffer(10)
    features = [factories.feature(name, rank=n) for n, name in enumerate("abc", start=1)]
    told = _disclosed(*features, shapes={"a": circle, "b": None})
    rows = hotspot_rows(told, edition=1, level=Disclosure.INTERNAL, ground=GROUND)
    assert rows[0].shape is circle
    assert rows[1].shape is None
    assert rows[2].shape is not None
    back = GROUND.plane.to_lon_lat(shapely.get_coordinates(rows[2].shape))
    np.testing.assert_allclose(back.max(axis=0), (5.70, 50.86), atol=1e-8)


def test_ranking_rows__has_a_list_for_each_area_that_is_touched() -> None:
    features = [stored.feature(f"h{n}", rank=n, week=WEEK) for n in range(1, 9)]
    hotspots = hotspot_rows(_disclosed(*features), edition=1, level=Disclosure.INTERNAL, ground=GROUND)
    rows = ranking_rows(hotspots, level=Disclosure.INTERNAL, ground=GROUND)
    assert len({row.feature_id for row in rows}) == len(rows) == 8 * 3
    assert [list(row.properties) for row in rows] == [[one.name for one in RANKINGS.properties]] * len(rows)
    of_city = [row.properties for row in rows if row.properties["area"] == "GM0001"]
    assert [one["area_rank"] for one in of_city] == [one["rank"] for one in of_city] == list(range(1, 9))
    of_quarter = [row.properties for row in rows if row.properties["area"] == "BU02"]
    assert [(one["area_rank"], one["rank"]) for one in of_quarter] == [(1, 1), (2, 5)]
    assert of_quarter[0]["area_name"] == "Buurt 2"
    assert [row.properties["area_level"] for row in rows][::8] == [
        "municipality",
        "district",
        "neighbourhood",
    ]
    assert rows[0].feature_id == "2010-W30-theft-GM0001-1"


def test_ranking_rows__names_an_area_that_is_gone_by_its_code() -> None:
    feature = factories.feature(areas=("BU99",))
    hotspots = hotspot_rows(_disclosed(feature), edition=1, level=Disclosure.OPEN, ground=GROUND)
    rows = ranking_rows(hotspots, level=Disclosure.OPEN, ground=GROUND)
    assert [row.properties["area_name"] for row in rows] == ["Testdam", "BU99"]


def test_area_rows__are_neighbourhoods_and_districts() -> None:
    rows = area_rows(GROUND)
    assert [row.feature_id for row in rows] == ["BU01", "BU02", "BU03", "BU04", "WK01", "WK02"]
    assert rows[0].properties["area_ha"] == 25.0
    assert rows[0].areas == ("BU01", "WK01", "GM0001")


def test_week_rows__completes_the_cells() -> None:
    cell = Row("c", {"cell": "c125-0-0", "secret": 1, "incidents": 7}, shapely.box(0, 0, 125, 125))
    rows = week_rows(_disclosed(cells=sheet([cell])), edition=3, level=Disclosure.OPEN, ground=GROUND)
    found, names = rows["cells"], [one.name for one in CELLS.told(Disclosure.OPEN)]
    assert isinstance(found, Sheet)
    (text,) = found.texts(names)
    said = json.loads(text)
    assert list(said) == names
    assert (said["edition"], said["incidents"], said["ratio"]) == (3, 7, None)
    assert "secret" not in text
    assert rows["hotspots"] == rows["rankings"] == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("reported_at", "2010-07-26T00:00:00Z", factories.MIDNIGHT_S),
        ("reported_at", None, None),
        ("theme", "theft", "theft"),
    ],
)
def test_column_values__are_what_columns_hold(name: str, value: str | None, expected: object) -> None:
    (values,) = column_values(INCIDENTS, [{name: value}])
    assert dict(zip([one.name for one in INCIDENTS.properties], values, strict=True))[name] == expected


def test_column_values__keep_several_texts_as_json() -> None:
    (values,) = column_values(HOTSPOTS, [{"caveats": ["één", "twee"]}])
    (found,) = [value for value in values if value is not None]
    assert json.loads(str(found)) == ["één", "twee"]


def test_instant_texts__are_in_utc() -> None:
    assert instant_texts(np.array([0, factories.MIDNIGHT_S])) == [
        "1970-01-01T00:00:00Z",
        "2010-07-26T00:00:00Z",
    ]
