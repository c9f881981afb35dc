"""A hotspot tells its whole history, and all evidence of the newest week that lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.schemas.places import HotspotHistory
from tests.api.told import told_weeks

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_hotspot__tells_every_week_that_listed_it(followed: TestClient) -> None:
    listed = followed.get("/v1/rankings/2010-W30").json()["items"][0]
    answer = followed.get(f"/v1/hotspots/{listed['id']}")
    assert answer.status_code == 200, answer.text
    read = HotspotHistory.model_validate_json(answer.text)
    weeks = [
        str(week.week)
        for week, _ in {one.week: (one, when) for one, when in told_weeks()}.values()
        if listed["id"] in {feature.id for feature in week.features}
    ]
    assert [one.week for one in read.history] == sorted(weeks, reverse=True)
    assert (read.first_week, read.latest_week, read.weeks_listed) == (weeks[0], weeks[-1], len(weeks))
    assert read.is_listed_now
    del listed["links"]
    assert answer.json()["evidence"] == listed


def test_hotspot__each_week_leads_to_the_feature_as_that_week_told_it(followed: TestClient) -> None:
    listed = followed.get("/v1/rankings/2010-W30").json()["items"][0]
    for week in followed.get(f"/v1/hotspots/{listed['id']}").json()["history"]:
        feature = followed.get(week["links"][0]["href"]).json()
        assert (feature["properties"]["week"], feature["properties"]["observed"]) == (
            week["week"],
            week["observed"],
        )


def test_hotspot__with_shapes_has_a_feature_for_each_week(followed: TestClient) -> None:
    listed = followed.get("/v1/rankings/2010-W30").json()["items"][0]
    answer = followed.get(f"/v1/hotspots/{listed['id']}?f=geojson")
    assert answer.headers["Content-Type"].startswith("application/geo+json")
    assert answer.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    read = answer.json()
    history = followed.get(f"/v1/hotspots/{listed['id']}").json()["history"]
    assert [one["properties"]["week"] for one in read["features"]] == [one["week"] for one in history]
    assert read["numberReturned"] == read["numberMatched"] == len(history)


def test_hotspot__of_one_week_is_the_same_hotspot(client: TestClient) -> None:
    whole = client.get("/v1/hotspots/d1").json()
    of_week = client.get("/v1/hotspots/d1-2010-W30").json()
    assert whole.pop("links")[0] != of_week.pop("links")[0]
    assert whole == of_week


def test_hotspot__tells_the_evidence_of_the_week_that_its_name_has(followed: TestClient) -> None:
    listed = followed.get("/v1/rankings/2010-W30").json()["items"][0]
    newest = followed.get(f"/v1/hotspots/{listed['id']}").json()
    earlier = newest["history"][-1]["week"]
    told = followed.get(f"/v1/hotspots/{listed['id']}-{earlier}").json()
    at_the_time = followed.get(f"/v1/rankings/{earlier}").json()["items"]
    del at_the_time[0]["links"]
    assert earlier != newest["evidence"]["week"]
    assert told["evidence"] == at_the_time[0]
    assert told["history"] == newest["history"]


def test_hotspot__refuses_a_week_that_does_not_list_it(client: TestClient) -> None:
    assert client.get("/v1/hotspots/d1-1999-W01").status_code == 404


def test_hotspot__that_only_an_earlier_week_lists_is_not_listed_now(client: TestClient) -> None:
    assert client.get("/v1/hotspots/e1").json()["is_listed_now"] is False


def test_hotspot__refuses_what_it_does_not_know(client: TestClient) -> None:
    assert client.get("/v1/hotspots/nowhere").status_code == 404
    answer = client.get("/v1/hotspots/d1?f=doc&week=2010-W30")
    assert answer.status_code == 400
    assert [one["parameter"] for one in answer.json()["errors"]] == ["f", "week"]
