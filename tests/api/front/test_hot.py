"""Which answers are made before anybody asks for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from api.front import hot
from api.routes.page import WEB
from tests import served as stored

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PATH = re.compile(r"/v1/collections/([a-z-]+)/tiles/WebMercatorQuad/(\d+)/\d+/\d+")


def test_tiles__are_those_of_a_town_and_not_more(connection: Connection) -> None:
    stored.prepare(connection)
    stored.publish(connection, stored.footprints(20, np.random.default_rng(4)))
    found = [_PATH.fullmatch(path) for path in hot.tiles(connection)]
    told = {(one[1], int(one[2])) for one in found if one is not None}
    assert told == {
        (name, level)
        for name in ("hotspots", "hotspots-latest", "neighbourhoods")
        for level in (10, 11, 12, 13, 14)
    }
    assert all(found)
    assert len(set(hot.tiles(connection))) == len(found) <= 256


def test_tiles__are_none_where_nothing_is_served(connection: Connection) -> None:
    assert hot.tiles(connection) == []


def test_signatures__ask_tiles_as_browsers_do() -> None:
    path = "/v1/collections/hotspots/tiles/WebMercatorQuad/14/1/2"
    asked = [
        one
        for one in hot.signatures("http", b"a", is_local=True, paths=hot.Paths((path,)))
        if one[2] == path.encode()
    ]
    assert [one[6] for one in asked] == [b"gzip", b"zstd"]


def test_pages__are_the_overviews_of_the_newest_weeks(connection: Connection) -> None:
    assert hot.pages(connection) == []
    stored.prepare(connection)
    for weeks in range(10):
        stored.publish(
            connection, stored.footprints(1, np.random.default_rng(4)), week=stored.WEEK.plus(weeks)
        )
    found = hot.pages(connection)
    assert found[2] == "/v1/rankings/latest/overview"
    newest = stored.WEEK.plus(9)
    assert found[3:] == [f"/v1/rankings/{newest.plus(-back)}/overview" for back in range(8)]


def test_pages__are_asked_as_the_page_asks_them() -> None:
    script = (WEB / "api.js").read_text("utf-8")
    assert f"'{hot.ACCEPT_OF_PAGE.decode()}'" in script
    asked = hot.signatures("http", b"a", is_local=False, paths=hot.Paths(pages=("/v1/map",)))
    assert {(one[4], one[6]) for one in asked if one[2] == b"/v1/map"} == {
        (hot.ACCEPT_OF_PAGE, b"gzip, deflate, br, zstd"),
        (hot.ACCEPT_OF_PAGE, b"gzip, deflate, br"),
    }
