"""What there is of an area in a week stands on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.schemas.places import AreaSummary

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_summary__has_the_hotspots_that_touch_the_area(client: TestClient) -> None:
    answer = client.get("/v1/neighbourhoods/BU01/summary")
    assert answer.status_code == 200, answer.text
    read = AreaSummary.model_validate_json(answer.text)
    assert (read.code, read.name, read.level, read.parent_code) == ("BU01", "Wyck", "neighbourhood", "WK01")
    assert (read.week, read.edition) == ("2010-W30", 2)
    listed = client.get("/v1/rankings/latest?area=BU01").json()["items"]
    assert [one.id for one in read.hotspots] == [row["id"] for row in listed] == ["d1", "d2"]
    assert [one.area_rank for one in read.hotspots] == [1, 2]
    assert {one.theme: one.hotspots for one in read.themes} == {
        "burglary": 0,
        "drug_nuisance": 2,
        "nuisance": 0,
    }


def test_summary__counts_the_hotspots_of_every_published_week(client: TestClient) -> None:
    read = AreaSummary.model_validate_json(client.get("/v1/neighbourhoods/BU01/summary").text)
    assert [(one.week, one.hotspots) for one in read.weeks] == [("2010-W30", 2), ("2010-W29", 1)]
    early = AreaSummary.model_validate_json(client.get("/v1/neighbourhoods/BU01/summary?week=2010-W29").text)
    assert [(one.week, one.hotspots) for one in early.weeks] == [("2010-W29", 1)]


def test_summary__of_a_district_has_what_touches_any_of_its_neighbourhoods(client: TestClient) -> None:
    read = client.get("/v1/districts/WK01/summary").json()
    assert [one["id"] for one in read["hotspots"]] == ["b1", "d1", "d2"]
    assert [one["area_rank"] for one in read["hotspots"]] == [1, 1, 2]


def test_summary__has_the_cells_and_rises_of_the_area_alone(followed: TestClient) -> None:
    read = followed.get("/v1/neighbourhoods/BU01/summary").json()
    whole = followed.get("/v1/rankings/latest/hotcrimes").json()["items"]
    assert read["hotcrimes"] == [cell for cell in whole if cell["area"] == "BU01"] != []
    assert "drug_nuisance" in read["labels"]
    assert all(row["area"] == "BU01" for row in read["alarms"])


def test_summary__knows_areas_of_its_own_kind_only(client: TestClient) -> None:
    assert client.get("/v1/neighbourhoods/WK01/summary").status_code == 404
    assert client.get("/v1/districts/BU01/summary").status_code == 404
    assert client.get("/v1/neighbourhoods/BU01/summary?week=2011-W01").status_code == 404
    answer = client.get("/v1/neighbourhoods/BU01/summary?week=x&edition=0&f=csv")
    assert answer.status_code == 400
    assert {one["parameter"] for one in answer.json()["errors"]} == {"week", "edition", "f"}
