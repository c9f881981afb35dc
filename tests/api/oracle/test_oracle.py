"""Random questions are answered just as plain Python answers them, on both stores and in two systems."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import shape

from api.app import create_app
from api.settings import ApiSettings
from hotspot.store import engine as engines
from hotspot.store import migration
from tests.api.crowd import write_crowd
from tests.api.oracle.truth import CRS84, RD, Asker, Json, Known, Question, known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgis import Cluster

SEED = 7
FEW, MANY = 36, 1000
"""Questions per collection and store: for every run, and for the long proof (10,000 in all and more)."""

SPANS: dict[str, tuple[str, str] | None] = {
    "neighbourhoods": None,
    "hotspots": ("window_start", "window_end"),
    "hotspots-latest": ("window_start", "window_end"),
    "rankings": ("window_start", "window_end"),
    "incidents": ("started_at", "ended_at"),
    "cells": ("window_start", "window_end"),
}
"""Properties with the time of the features of each collection."""


@pytest.fixture(scope="module")
def asking(
    store_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A service over the crowd."""
    if store_kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('crowd') / 'crowd.db')}"
    else:
        running: Cluster = request.getfixturevalue("postgis")
        url = running.url(running.create())
        made = engines.create_engine(url)
        migration.migrate(made)
        made.dispose()
    write_crowd(url)
    with TestClient(create_app(ApiSettings(store_url=url))) as client:
        yield client


def everything(client: TestClient, collection: str) -> list[Known]:
    """The whole collection in both systems."""
    return known(
        {crs: pages(client, collection, {"crs": crs, "limit": "1000"}) for crs in (CRS84, RD)},
        SPANS[collection],
    )


def pages(client: TestClient, collection: str, params: dict[str, str]) -> list[Json]:
    """All features of a request, over all of its pages."""
    answer = client.get(f"/v1/collections/{collection}/items", params=params)
    found: list[Json] = []
    while True:
        assert answer.status_code == 200, f"{answer.url}: {answer.text[:300]}"
        page = answer.json()
        found += page["features"]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            assert page["numberMatched"] == len(found), str(answer.url)
            return found
        answer = client.get(following[0])


def by_offset(client: TestClient, collection: str, params: dict[str, str], limit: int) -> list[Json]:
    """All features of a request, for those who count themselves."""
    found: list[Json] = []
    while True:
        counted = {**params, "limit": str(limit), "offset": str(len(found))}
        page = client.get(f"/v1/collections/{collection}/items", params=counted).json()
        found += page["features"]
        if not page["features"] or len(found) >= page["numberMatched"]:
            return found


def check(client: TestClient, collection: str, question: Question, chance: random.Random) -> None:
    """Ask in pages of some size, by cursor or by offset."""
    right = [one.id for one in question.found]
    limit = max(1, len(right) // chance.randint(1, 3) + chance.randint(-1, 1))
    params = dict(question.params)
    if chance.random() < 0.25:
        found = by_offset(client, collection, params, limit)
    else:
        found = pages(client, collection, params | {"limit": str(limit)})
    told = f"{collection}: {params} in pages of {limit}"
    assert [one["id"] for one in found] == right, told
    for one, truth in zip(found, question.found, strict=True):
        at = truth.shapes[question.crs]
        assert one["properties"] == truth.properties, told
        assert one["geometry"] is None if at is None else shape(one["geometry"]).equals_exact(at, 0.0), told


def ask(client: TestClient, collection: str, how_many: int) -> None:
    """Ask many questions."""
    schema = client.get(f"/v1/collections/{collection}/queryables").json()["properties"]
    chance = random.Random(f"{SEED}{collection}")  # noqa: S311 - no secret hangs on it
    asker = Asker(everything(client, collection), schema, chance)
    wrong = []
    for _ in range(how_many):
        question = asker.question()
        try:
            check(client, collection, question, chance)
        except AssertionError as mismatch:
            wrong.append(str(mismatch)[:600])
    assert not wrong, f"{len(wrong)} of {how_many} differ; the first: {wrong[0]}"


@pytest.mark.parametrize("collection", SPANS)
def test_questions__are_answered_as_plain_python_answers_them(asking: TestClient, collection: str) -> None:
    ask(asking, collection, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("collection", SPANS)
def test_ten_thousand_questions__are_answered_as_plain_python_answers_them(
    asking: TestClient, collection: str
) -> None:
    ask(asking, collection, MANY)
