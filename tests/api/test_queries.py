"""All mistakes of a request are told at once, in words and within bounds."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from api import parameters, queries, space
from api.queries import Reader, no_parameters
from hotspot.errors import InvalidQuery
from hotspot.weeks import Week


def request(query: str, **path: str) -> Request:
    scope = {"type": "http", "query_string": query.encode(), "path_params": path, "headers": []}
    return Request(scope)


def test_reader__tells_all_mistakes_at_once() -> None:
    read = Reader(request("week=x&bbox=1&unknown=2&limit=1&limit=2&theme=ok"))
    assert read.read(parameters.WEEK, None) is None
    assert read.read(space.BBOX, None) is None
    assert read.read(parameters.limit(default=10, most=100), 10) == 10
    assert read.read(parameters.THEME, None) == "ok"
    with pytest.raises(InvalidQuery) as caught:
        read.finish()
    assert list(caught.value.mistakes) == ["bbox", "limit", "unknown", "week"]
    assert caught.value.mistakes["limit"] == "limit must be given once, got 2"
    assert "it has: bbox, limit, theme, week" in caught.value.mistakes["unknown"]


def test_reader__reads_what_is_in_the_path() -> None:
    read = Reader(request("", week="2010-W30"))
    assert read.read(parameters.WEEK_OR_LATEST, None) == Week.parse("2010-W30")
    read.finish()
    assert Reader(request("", week="latest")).read(parameters.WEEK_OR_LATEST, None) is None


def test_reader__stops_counting_mistakes_somewhere() -> None:
    with pytest.raises(InvalidQuery) as caught:
        no_parameters(request("&".join(f"p{n}=1" for n in range(1000))))
    assert len(caught.value.mistakes) == queries.MAX_MISTAKES


def test_told__shortens_and_escapes() -> None:
    assert queries.told("\x00<b>") == "'\\x00<b>'"
    assert len(queries.told("x" * 1000)) < 70
