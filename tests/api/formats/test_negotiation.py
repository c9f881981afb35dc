"""The format and the language are those that the caller likes best, by the rules of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api.formats import media, negotiation
from api.queries import Reader
from hotspot.errors import InvalidQuery, NotAcceptable

if TYPE_CHECKING:
    from api.formats.media import Format

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def request(query: str = "", **headers: str) -> Request:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "query_string": query.encode(), "path_params": {}, "headers": sent})


def chosen(query: str = "", offered: tuple[Format, ...] = media.FEATURES, **headers: str) -> Format:
    asked = request(query, **headers)
    read = Reader(asked)
    found = negotiation.chosen(asked, read, offered)
    read.finish()
    return found


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", media.GEOJSON),
        ("*/*", media.GEOJSON),
        ("application/geo+json, application/json", media.GEOJSON),
        ("application/json", media.GEOJSON),
        (BROWSER, media.HTML),
        ("text/html;q=0.4, application/geo+json;q=0.5", media.GEOJSON),
        ("text/*", media.HTML),
        ("text/*, text/html;q=0", media.CSV),
        ("text/csv", media.CSV),
        ("TEXT/CSV ; Q=1.000", media.CSV),
        ("application/vnd.ogc.fg+json", media.JSON_FG),
        ("application/geopackage+sqlite3, */*;q=0.1", media.GEOPACKAGE),
        ("application/xml, application/flatgeobuf;q=0.001", media.FLATGEOBUF),
        (", ,;;q=1,*/*", media.GEOJSON),
    ],
)
def test_format__is_the_one_that_is_liked_best(accept: str, expected: Format) -> None:
    assert chosen(accept=accept) is expected


@pytest.mark.parametrize("accept", ["application/xml", "application/geo+json;q=0, image/*", "*/*;q=0"])
def test_format__that_there_is_not_is_refused(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="Accept must allow one of application/geo"):
        chosen(accept=accept)


def test_format__named_in_the_address_wins() -> None:
    assert chosen("f=csv", accept="application/xml") is media.CSV
    with pytest.raises(InvalidQuery, match="f must be one of json, html, jsonfg, csv"):
        chosen("f=xml")
    with pytest.raises(InvalidQuery, match="given once"):
        chosen("f=csv&f=json")


@given(st.text(st.characters(codec="latin-1"), max_size=60))
def test_format__is_found_or_refused_whatever_is_accepted(accept: str) -> None:
    asked = Request({"type": "http", "query_string": b"", "headers": [(b"accept", accept.encode("latin-1"))]})
    try:
        assert negotiation.chosen(asked, Reader(asked), media.RESOURCE) in media.RESOURCE
    except NotAcceptable as error:
        assert len(str(error)) < 300


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("", "en"), ("nl", "nl"), ("nl-BE, en;q=0.5", "nl"), ("de, en-GB;q=0.2, nl;q=0.1", "en"), ("de", "en")],
)
def test_language__is_the_one_that_is_liked_best(accept: str, expected: str) -> None:
    assert negotiation.best_language(accept) == expected


def test_language__of_what_programs_read_does_not_depend_on_where_they_run() -> None:
    asked = request("", accept_language="nl")
    assert negotiation.spoken(asked, Reader(asked), media.JSON) == "en"
    assert negotiation.spoken(asked, Reader(asked), media.HTML) == "nl"
    named = request("lang=nl")
    assert negotiation.spoken(named, Reader(named), media.JSON) == "nl"


def test_page__is_preferred_by_browsers_only() -> None:
    assert negotiation.prefers_page(BROWSER)
    for accept in ("", "*/*", "application/json, text/html", "application/json, text/html;q=0.9"):
        assert not negotiation.prefers_page(accept)
