"""Beside the lists: the matrix of a week, what a correction changed, and whether the lists were right."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.schemas.hotspots import HotspotProperties
from api.schemas.rankings import Ranking
from api.schemas.weekly import Backings, Differences, HotCrimes
from api.settings import ApiSettings

if TYPE_CHECKING:
    from api.schemas.common import Answer

LIST = json.loads(Path(__file__).parents[3].joinpath("docs/list.schema.json").read_text("utf-8"))


def read(client: TestClient, path: str, model: type[Answer]) -> dict[str, Any]:  # Any: JSON.
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    model.model_validate_json(answer.text)
    told: dict[str, Any] = answer.json()  # Any: JSON.
    assert set(told) == {field.alias or name for name, field in model.model_fields.items()}
    return told


def table(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_schemas__name_what_the_published_schema_of_the_list_names() -> None:
    assert set(HotspotProperties.model_fields) == set(LIST["$defs"]["hotspot"]["properties"])
    of_page = {"links", "items", "number_matched", "number_returned"}
    assert set(Ranking.model_fields) - of_page == set(LIST["properties"]) - {"hotspots", "hotcrimes"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?edition=2", ["dealing GM0935", "dealing BU01", "use BU02"]),
        ("?theme=drug_nuisance&area=BU01", ["dealing BU01"]),
        ("?area=GM0935", ["dealing GM0935"]),
        ("?theme=burglary", []),
    ],
)
def test_hotcrimes__are_the_cells_asked_for(followed: TestClient, query: str, expected: list[str]) -> None:
    told = read(followed, f"/v1/rankings/latest/hotcrimes{query}", HotCrimes)
    assert [f"{cell['subtheme']} {cell['area']}" for cell in told["items"]] == expected
    assert told["numberReturned"] == len(expected)
    assert (told["week"], told["edition"], told["tests"], told["reason"]) == ("2010-W30", 2, 3, None)
    rows = table(followed, f"/v1/rankings/latest/hotcrimes{query}&f=csv")
    assert [f"{row['subtheme']} {row['area']}" for row in rows] == expected


def test_hotcrimes__as_a_table_are_written_as_in_json(followed: TestClient) -> None:
    rows = table(followed, "/v1/rankings/2010-W30/hotcrimes?f=csv&edition=1")
    assert [row["is_alarm"] for row in rows] == ["false", "true", "false"]
    assert [row["p_value"] for row in rows] == ["0.05", "0.002", ""]
    assert {row["edition"] for row in rows} == {"1"}


def test_hotcrimes__of_an_early_edition_are_absent_with_a_reason(followed: TestClient) -> None:
    told = read(followed, "/v1/rankings/2010-W28/hotcrimes", HotCrimes)
    assert (told["items"], told["q"], told["tests"]) == ([], None, None)
    assert told["reason"]["en"] == "This edition was published before hotcrimes were told."
    assert table(followed, "/v1/rankings/2010-W28/hotcrimes?f=csv") == []


def test_differences__are_those_of_an_edition_and_the_one_before(followed: TestClient) -> None:
    told = read(followed, "/v1/rankings/latest/differences", Differences)
    assert (told["edition"], told["edition_before"], told["reason"]) == (2, 1, None)
    (gone,) = told["items"]
    assert (gone["kind"], gone["id"], gone["rank_before"], gone["rank_after"]) == ("removed", "hs-c", 3, None)
    assert gone["said"]["nl"] == "Eerder plaats 3, Wyck: vervalt (12 voorvallen, 0,7 verwacht)."


def test_differences__that_no_reader_sees_are_none_with_a_reason(client: TestClient) -> None:
    # The correction of the town adds a theme and changes no line.
    told = read(client, "/v1/rankings/2010-W30/differences", Differences)
    assert (told["items"], told["edition_before"]) == ([], 1)
    assert told["reason"]["en"] == "A reader sees the same in this edition as in the one before."


@pytest.mark.parametrize("path", ["2010-W29/differences", "2010-W30/differences?edition=1"])
def test_differences__of_a_first_edition_are_none_with_a_reason(followed: TestClient, path: str) -> None:
    told = read(followed, f"/v1/rankings/{path}", Differences)
    assert (told["items"], told["edition_before"]) == ([], None)
    assert told["reason"] == {
        "nl": "Dit is de eerste editie van deze week.",
        "en": "This is the first edition of this week.",
    }


def test_backing__tells_each_week_by_its_newest_edition_the_newest_first(followed: TestClient) -> None:
    told = read(followed, "/v1/backing", Backings)
    assert [(row["week"], row["edition"], row["theme"], row["hit_rate"]) for row in told["items"]] == [
        ("2010-W30", 2, "drug_nuisance", 0.5),
        ("2010-W29", 1, "all", 0.25),
        ("2010-W29", 1, "drug_nuisance", 0.25),
    ]
    # The early week is published and tells none.
    assert (told["weeksMatched"], told["weeksReturned"]) == (3, 3)
    assert [row["week"] for row in read(followed, "/v1/backing?theme=all", Backings)["items"]] == ["2010-W29"]


def test_backing__as_a_table_has_the_rivals_beside_the_list(followed: TestClient) -> None:
    rows = table(followed, "/v1/backing?f=csv&theme=drug_nuisance")
    assert [(row["week"], row["hits"], row["naive_12_hits"], row["naive_52_hits"]) for row in rows] == [
        ("2010-W30", "20.0", "8.0", ""),
        ("2010-W29", "10.0", "8.0", ""),
    ]


def test_backing__is_all_reached_once_by_the_links(followed: TestClient) -> None:
    seen: list[str] = []
    href: str | None = "/v1/backing?limit=1"
    while href is not None:
        told = read(followed, href, Backings)
        assert told["weeksReturned"] == 1
        seen += [f"{row['week']} {row['theme']}" for row in told["items"]]
        href = next((link["href"] for link in told["links"] if link["rel"] == "next"), None)
    assert seen == ["2010-W30 drug_nuisance", "2010-W29 all", "2010-W29 drug_nuisance"]


def test_backing__of_nothing_published_is_empty(sqlite_url: str) -> None:
    with TestClient(create_app(ApiSettings(store_url=sqlite_url))) as client:
        assert read(client, "/v1/backing", Backings)["items"] == []


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (
            "rankings/2010-W54/hotcrimes?theme=&area=&edition=0&f=pdf&kind=acute",
            "area edition f kind theme week",
        ),
        ("rankings/latest/differences?edition=x&theme=burglary", "edition theme"),
        ("backing?limit=0&offset=-1&week=2010-W30", "limit offset week"),
    ],
)
def test_each_address__tells_all_mistakes_at_once(followed: TestClient, path: str, named: str) -> None:
    answer = followed.get(f"/v1/{path}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [mistake["parameter"] for mistake in answer.json()["errors"]] == named.split()


@pytest.mark.parametrize(
    "path", ["rankings/2010-W30/hotcrimes", "rankings/2010-W30/differences", "backing", "backing?f=csv"]
)
def test_each_address__answers_304_to_who_holds_it(followed: TestClient, path: str) -> None:
    first = followed.get(f"/v1/{path}")
    again = followed.get(f"/v1/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert followed.get(f"/v1/{path}").content == first.content


@pytest.mark.parametrize("part", ["hotcrimes", "differences"])
def test_each_address__of_what_is_not_published_is_not_found(followed: TestClient, part: str) -> None:
    assert followed.get(f"/v1/rankings/2011-W01/{part}").status_code == 404
    assert followed.get(f"/v1/rankings/2010-W30/{part}?edition=3").status_code == 404
