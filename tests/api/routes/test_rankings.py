"""The list of a week says what is on it, and why there is nothing where there is nothing."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.answers import cell
from api.app import create_app
from api.schemas.rankings import Ranking, Weeks
from api.settings import ApiSettings
from hotspot.store import engine as engines
from hotspot.store.publications import write_publication
from tests.api.published import weeks as published_weeks
from tests.api.told import told_weeks
from tests.hotspot.report.test_briefing import pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


def ranking(client: TestClient, week: str = "2010-W30", **query: str) -> dict[str, Any]:  # Any: JSON.
    answer = client.get(f"/v1/rankings/{week}", params=query)
    assert answer.status_code == 200, answer.text
    Ranking.model_validate_json(answer.text)
    read: dict[str, Any] = answer.json()  # Any: JSON.
    return read


def test_ranking__says_what_was_published(client: TestClient) -> None:
    read = ranking(client)
    newest, _ = published_weeks()[-1]
    for name, value in json.loads(newest.summary).items():
        assert read[name] == value
    assert "hotcrimes" not in read
    assert (read["edition"], read["content_hash"]) == (2, newest.content_hash)
    assert read["published_at"] == "2010-08-03T06:00:00Z"
    assert (read["numberMatched"], read["numberReturned"]) == (3, 3)
    assert [state["state"] for state in read["themes"]] == ["hotspots", "hotspots", "not_enough_data"]


def test_ranking__has_a_row_for_each_hotspot_that_leads_to_its_feature(client: TestClient) -> None:
    read = ranking(client)
    assert [(row["theme"], row["rank"], row["id"]) for row in read["items"]] == [
        ("burglary", 1, "b1"),
        ("drug_nuisance", 1, "d1"),
        ("drug_nuisance", 2, "d2"),
    ]
    for row in read["items"]:
        (link,) = row.pop("links")
        feature = client.get(link["href"]).json()
        assert feature["id"] == f"{row['id']}-{row['week']}"
        alike = feature["properties"].keys() & row.keys() - {"neighbourhoods"}
        assert len(alike) > 20
        assert {name: feature["properties"][name] for name in alike} == {name: row[name] for name in alike}


def test_ranking__tells_what_was_told_but_for_the_matrix(followed: TestClient) -> None:
    read = ranking(followed)
    newest, _ = told_weeks()[-1]
    summary = json.loads(newest.summary)
    del summary["hotcrimes"]
    assert {name: read[name] for name in summary} == summary
    for row in read["items"]:
        (link,) = row.pop("links")
        assert followed.get(link["href"]).json()["properties"]["hotspot_id"] == row["id"]
    related = [link["href"] for link in read["links"] if link["rel"] == "related"]
    assert [followed.get(href).status_code for href in related] == [200, 200]
    # A row of an earlier week leads to the hotspot as that week told it.
    (row,) = ranking(followed, "2010-W29")["items"]
    assert followed.get(row["links"][0]["href"]).json()["properties"]["observed"] == row["observed"] == 10


def test_ranking__as_a_table_tells_all_that_is_one_value(followed: TestClient) -> None:
    text = followed.get("/v1/rankings/2010-W30?f=csv").content.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    columns = ("rank_lower", "rank_upper", "lifecycle", "sources_police", "counts_weeks_12", "caveats")
    told = ["1", "3", "consecutive", "8", "14", "small_numbers police_found"]
    assert [first[name] for name in columns] == told
    assert first["why_en"] == "Confirmed: 12 events where 0.7 were expected. Spread over 5 addresses."
    assert (second["event"], second["gap_weeks"], second["too_little_data"]) == ("returned", "2", "true")
    early = followed.get("/v1/rankings/2010-W28?f=csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(early))
    assert [row[name] for name in ("observed", "rank_lower", "why_en", "sources_police")] == [
        "12",
        "",
        "",
        "",
    ]


def test_ranking__of_the_latest_week_is_that_of_the_newest(client: TestClient) -> None:
    latest, newest = ranking(client, "latest"), ranking(client)
    assert latest.pop("links") != newest.pop("links")
    assert latest == newest


def test_ranking__keeps_its_editions(client: TestClient) -> None:
    first = ranking(client, edition="1")
    assert first["edition"] == 1
    assert len(first["themes"]) == 2
    assert ranking(client, edition="2")["items"] == ranking(client)["items"]
    assert client.get("/v1/rankings/2010-W30?edition=3").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"theme": "burglary"}, ["b1"]),
        ({"area": "BU01"}, ["d1", "d2"]),
        ({"area": "WK01", "limit": "2"}, ["b1", "d1"]),
        ({"theme": "nuisance"}, []),
        ({"kind": "chronic"}, ["b1"]),
        ({"kind": "acute", "grade": "likely"}, ["d2"]),
        ({"grade": "confirmed"}, ["b1", "d1"]),
    ],
)
def test_ranking__has_the_rows_asked_for(
    client: TestClient, query: dict[str, str], expected: list[str]
) -> None:
    read = ranking(client, **query)
    assert [row["id"] for row in read["items"]] == expected
    assert read["numberReturned"] == len(expected) <= read["numberMatched"]
    # What there is to know of the other themes stays.
    assert len(read["themes"]) == 3


def test_ranking__of_a_week_that_is_not_published_is_not_found(client: TestClient) -> None:
    answer = client.get("/v1/rankings/2011-W01")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "2011-W01 has not been published"


def test_ranking__tells_all_mistakes_at_once(client: TestClient) -> None:
    wrong = "limit=0&f=doc&theme=&edition=x&sort=rank&kind=old&grade=none"
    answer = client.get(f"/v1/rankings/2010-W54?{wrong}")
    assert answer.status_code == 400
    named = [mistake["parameter"] for mistake in answer.json()["errors"]]
    assert named == ["edition", "f", "grade", "kind", "limit", "sort", "theme", "week"]
    assert "kind must be one of acute, chronic, got 'old'" in answer.text
    assert "grade must be one of confirmed, likely, got 'none'" in answer.text


def test_ranking__as_a_table_has_the_same_rows(client: TestClient) -> None:
    answer = client.get("/v1/rankings/latest?f=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="hotspots-2010-W30-edition-2.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["b1", "d1", "d2"]
    assert rows[0]["neighbourhood_name"] == "Céramique"
    assert rows[0]["pile_up"] == "false"
    assert rows[0]["previous_rank"] == ""
    judged = [tuple(row[name] for name in ("kind", "grade", "form", "q_value")) for row in rows]
    assert judged == [
        ("chronic", "confirmed", "line", "0.0025"),
        ("acute", "confirmed", "area", "0.0025"),
        ("acute", "likely", "area", "0.0025"),
    ]


def test_ranking__states_the_error_rate_of_each_grade_and_counts_by_it(client: TestClient) -> None:
    read = ranking(client)
    assert "at most 5% show any" in read["grades"]["confirmed"]["en"]
    assert "hooguit 1 op de 10 vals" in read["grades"]["likely"]["nl"]
    assert [theme["counts"]["acute"] for theme in read["themes"]] == [
        {"confirmed": 0, "likely": 0},
        {"confirmed": 1, "likely": 1},
        {"confirmed": 0, "likely": 0},
    ]


def test_ranking__of_an_early_edition_is_completed(sqlite_url: str) -> None:
    (published, published_at), *_ = published_weeks()
    unsaid = ("kind", "grade", "form", "q_value")
    feature = json.loads(published.features[0].geojson)
    feature["properties"] = {k: v for k, v in feature["properties"].items() if k not in unsaid}
    summary = {k: v for k, v in json.loads(published.summary).items() if k not in {"kinds", "grades"}}
    for theme in summary["themes"]:
        del theme["counts"]
    early = dataclasses.replace(
        published,
        summary=json.dumps(summary),
        features=(dataclasses.replace(published.features[0], geojson=json.dumps(feature)),),
    )
    engine = engines.create_engine(sqlite_url)
    with engines.begin(engine) as connection:
        write_publication(connection, early, published_at=published_at)
    engine.dispose()
    with TestClient(create_app(ApiSettings(store_url=sqlite_url))) as client:
        (row,) = ranking(client, "2010-W29")["items"]
        assert [row[name] for name in unsaid] == ["acute", "confirmed", "area", 0.001]
        table = client.get("/v1/rankings/2010-W29?f=csv").text
        assert "acute,confirmed" in table


def test_cell__is_never_a_formula() -> None:
    assert cell("=1+1") == "'=1+1"
    assert [cell(value) for value in ("Wyck", -1.5, None)] == ["Wyck", -1.5, None]


def test_weeks__come_latest_first_with_all_their_editions(client: TestClient) -> None:
    read = Weeks.model_validate_json(client.get("/v1/weeks").text)
    told = [(one.week, [edition.edition for edition in one.editions]) for one in read.weeks]
    assert told == [("2010-W30", [2, 1]), ("2010-W29", [1])]
    assert (str(read.weeks[0].first_day), str(read.weeks[0].last_day)) == ("2010-07-26", "2010-08-01")
    for week in read.weeks:
        for edition in week.editions:
            assert client.get(edition.links[0].href).json()["content_hash"] == edition.content_hash


def test_nothing_published__is_no_mistake(sqlite_url: str) -> None:
    with TestClient(create_app(ApiSettings(store_url=sqlite_url))) as client:
        assert client.get("/v1/weeks").json()["weeks"] == []
        assert client.get("/v1/rankings/latest").status_code == 404
        assert client.get("/v1/collections/hotspots/items").json()["numberMatched"] == 0
        assert client.get("/v1/collections/districts/items").json()["numberMatched"] == 0
        assert client.get("/health").json()["latest_week"] is None


@pytest.mark.parametrize(
    ("path", "n_statements"),
    [("/v1/weeks", 2), ("/v1/rankings/latest", 4), ("/v1/rankings/2010-W30?theme=burglary", 3)],
)
def test_each_address__asks_the_store_so_often(
    client: TestClient,
    counted: Callable[[], AbstractContextManager[list[str]]],
    path: str,
    n_statements: int,
) -> None:
    with counted() as statements:
        client.get(path)
    assert len(statements) == n_statements, statements


def test_ranking__as_a_workbook_has_the_rows_of_the_list(client: TestClient) -> None:
    answer = client.get("/v1/rankings/latest?f=xlsx&lang=en")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].endswith('filename="hotspots-2010-W30-edition-2.xlsx"')
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (head,) = [row for row in rows if "Id" in row or "id" in row or "ID" in row][:1]
    place = next(n for n, name in enumerate(head) if str(name).lower() == "id")
    assert [row[place] for row in rows[rows.index(head) + 1 :]][:3] == ["b1", "d1", "d2"]


def test_ranking__with_shapes_is_what_was_published(client: TestClient) -> None:
    answer = client.get("/v1/rankings/2010-W30?f=geojson&theme=burglary")
    newest, _ = published_weeks()[-1]
    (feature,) = answer.json()["features"]
    assert feature == json.loads(newest.features[0].geojson)
    assert answer.headers["Content-Type"].startswith("application/geo+json")
    by_header = client.get("/v1/rankings/2010-W30?theme=burglary", headers={"Accept": "application/geo+json"})
    assert by_header.json()["features"] == [feature]


def test_ranking__as_a_briefing_is_one_page_of_the_whole_list(client: TestClient) -> None:
    answer = client.get("/v1/rankings/latest?f=pdf&area=BU01")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF-")
    assert pages(answer.content) == 1
    assert client.get("/v1/rankings/latest?f=pdf&area=BU99").status_code == 404
    wrong = client.get("/v1/rankings/latest?f=pdf&theme=burglary&kind=acute&grade=likely")
    assert [one["parameter"] for one in wrong.json()["errors"]] == ["grade", "kind", "theme"]


def test_ranking__takes_no_format_that_it_does_not_have(client: TestClient) -> None:
    answer = client.get("/v1/rankings/latest", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/json" in answer.json()["detail"]
