"""A week in one small answer: the same as its list and its features, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import shapely

from api.schemas.overview import Overview
from hotspot.overview import STEP_DEG
from tests import overviews

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from fastapi.testclient import TestClient

_Json = dict[str, Any]  # Any: JSON.


def read(client: TestClient, query: str = "", week: str = "latest") -> _Json:
    answer = client.get(f"/v1/rankings/{week}/overview{query}")
    assert answer.status_code == 200, answer.text
    told: _Json = answer.json()
    assert told.keys() <= {field.alias or name for name, field in Overview.model_fields.items()}
    return told


def test_overview__tells_the_hotspots_of_the_list_in_its_order(client: TestClient) -> None:
    told, listed = read(client), client.get("/v1/rankings/latest").json()
    rows = overviews.rows(told)
    assert told["numberReturned"] == len(rows) == 3
    features = client.get("/v1/rankings/latest?f=geojson").json()["features"]
    for row, item, feature in zip(rows, listed["items"], features, strict=True):
        for name in (
            "id",
            "theme",
            "kind",
            "grade",
            "rank",
            "observed",
            "form",
            "window_start",
            "neighbourhood",
        ):
            assert row[name] == item[name], name
        assert row["expected"] == pytest.approx(item["expected"], rel=0.005)
        assert row["neighbourhoods"] == [one["code"] for one in item["neighbourhoods"]]
        assert set(row["neighbourhoods"]) < set(row["touches"])
        exact = shapely.geometry.shape(feature["geometry"])
        assert shapely.hausdorff_distance(row["shape"], exact) <= STEP_DEG
    for name in ("week", "edition", "content_hash", "published_at", "themes", "labels", "kinds", "grades"):
        assert told[name] == listed[name], name
    assert told["level"] == "internal"


def test_overview__of_weeks_that_follow_their_hotspots_tells_what_changed(followed: TestClient) -> None:
    told = read(followed)
    first, second = overviews.rows(told)
    assert (first["event"], first["previous_rank"], first["previous_observed"]) == ("continued", 2, 10)
    assert (second["event"], second["too_little_data"]) == ("returned", True)
    assert [first["changed"], second["changed"]] == [True, True]
    assert first["peak"] == [22, 3, [5, 6]]
    assert first["caveats"] == ["small_numbers", "police_found"]
    assert [one["id"] for one in told["gone"]] == [
        one["id"] for one in followed.get("/v1/rankings/latest").json()["gone"]
    ]
    # An early edition has no column of what it does not tell.
    early = read(followed, week="2010-W28")
    assert {"event", "changed", "lifecycle", "peak"}.isdisjoint(early["hotspots"])
    assert {"event", "lifecycle"}.isdisjoint(early["words"])


def test_overview__is_of_an_edition_and_of_a_theme(client: TestClient) -> None:
    assert read(client, "?edition=1")["edition"] == 1
    alone = read(client, "?theme=burglary")
    assert [row["id"] for row in overviews.rows(alone)] == ["b1"]
    assert [code for code, _ in alone["areas"]] == ["BU02", "WK01"]
    assert len(alone["themes"]) == 3
    none = read(client, "?theme=nothing")
    assert (none["numberReturned"], none["areas"], none["hotspots"]["footprint"]) == (0, [], [])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2010-W30/overview?limit=3", 400),
        ("2010-W30/overview?f=json", 400),
        ("2010-W30/overview?edition=0", 400),
        ("2010-W30/overview?theme=", 400),
        ("2010-W99/overview", 400),
        ("2009-W01/overview", 404),
        ("2010-W30/overview?edition=9", 404),
        ("2010-W30/overview/", 404),
    ],
)
def test_overview__is_refused_as_the_list_is(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/v1/rankings/{path}").status_code == status


def test_overview__is_not_sent_again_to_who_holds_it(client: TestClient) -> None:
    path = "/v1/rankings/2010-W30/overview"
    answer = client.get(path)
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_overview__asks_the_store_a_few_times_whatever_the_week_holds(
    client: TestClient, counted: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with counted() as statements:
        client.get("/v1/rankings/2010-W30/overview")
    assert len(statements) <= 5, statements
