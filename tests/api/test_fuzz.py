"""Whatever is asked, the service answers, and never with its own mistake."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from api.schemas.common import Problem
from tests.api.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
PATHS = st.sampled_from(
    [
        "/v1",
        "/v1/weeks",
        "/v1/conformance",
        "/v1/collections",
        "/v1/collections/hotspots/items",
        "/v1/collections/neighbourhoods/items",
        "/v1/collections/neighbourhoods/queryables",
        "/v1/collections/hotspots/items/d1",
        "/v1/rankings/latest",
        "/v1/rankings/2010-W30",
        "/v1/rankings/latest/hotcrimes",
        "/v1/rankings/2010-W30/differences",
        "/v1/backing",
        "/health",
    ]
)
NAMES = st.sampled_from(
    [
        "week", "theme", "area", "bbox", "bbox-crs", "limit", "offset", "edition", "f", "x", "filter",
        "filter-lang", "filter-crs", "crs", "datetime", "sortby", "properties", "exclude-properties",
        "cursor", "version", "profile", "lang", "rank",
    ]
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        [
            "2010-W30", "9999-W52", "0000-W00", "drug_nuisance", "BU01", "'; drop table hotspots; --", "%",
            "5,50,6,51", "180,-90,-180,90", "0,0,0,0", "-180,-90,180,90", "1", "0", "-1", "2147483648",
            "csv", "html",
            "", "9223372036854775808", "1e308", "NaN", "\x00", "\ud7ff\uffff", "%s", "{}", "null", "\u202e",
            "http://www.opengis.net/def/crs/EPSG/0/28992", "cql2-json", "rank < 3", "rank = 'a'",
            "theme LIKE '%'",
            "S_INTERSECTS(geometry,POINT(5 50))", "NOT NOT NOT true", "((((((", "rank / 0 = 1",
            "rank ^ 999 > 1",
            '{"op":"=","args":[{"property":"rank"},1]}', '{"op":"and","args":[]}', "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z/..", "../9999-12-31T23:59:59.999999999Z",
            "2010-01-01T00:00:00+14:00", "-rank", "+rank",
            "T_AFTER(window_start,TIMESTAMP('2010-01-01T00:00:00Z'))", "CASEI(theme) = casei('X')",
            "1e999 = rank",
        ]
    ),
    st.text(max_size=30),
    st.lists(st.floats().map(repr), min_size=3, max_size=7).map(",".join),
    st.integers().map(str),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(path=PATHS, query=st.lists(st.tuples(NAMES, VALUES), max_size=4))
def test_any_query__is_answered_or_refused(
    client: TestClient, path: str, query: list[tuple[str, str]]
) -> None:
    text = "&".join(f"{quote(name)}={quote(value, errors='replace')}" for name, value in query)
    answer = client.get(f"{path}?{text}")
    assert answer.status_code in {200, 400, 404}, answer.text
    if answer.status_code != 200:
        problem = Problem.model_validate_json(answer.text)
        assert problem.status == answer.status_code
        assert problem.detail


@settings(max_examples=50, deadline=None, suppress_health_check=QUIET)
@given(
    raw=st.binary(max_size=40),
    head=st.sampled_from(["/v1/rankings/", "/v1/collections/hotspots/items/", "/v1/collections/", "/"]),
)
def test_any_bytes__in_an_address_are_answered_or_refused(client: TestClient, raw: bytes, head: str) -> None:
    answer = client.get(head + quote(raw, safe=""))
    assert answer.status_code in {200, 400, 404}, answer.text


@settings(max_examples=50, deadline=None, suppress_health_check=QUIET)
@given(raw=st.binary(max_size=40))
def test_any_bytes__in_a_query_are_answered_or_refused(client: TestClient, raw: bytes) -> None:
    for part in (quote(raw, safe="=&%+;"), f"theme={quote(raw, safe='')}", f"filter={quote(raw, safe='')}"):
        assert client.get(f"/v1/collections/hotspots/items?{part}").status_code in {200, 400}


HELD: list[Any] = [  # Any: checks, as the library has them.
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
"""No mistake of the service, no status, type, header or body that the description does not have."""


def by_description(base: str, examples: int) -> None:
    """Ask as the description allows and as it does not, operation by operation."""
    schema = schemathesis.openapi.from_url(f"{base}/openapi.json")
    tried, wrong = 0, []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.method.upper() != "GET":
            continue
        try:
            run(operation, examples)
        except FailureGroup as group:
            wrong.append(f"{operation.label}: {'; '.join(map(str, group.exceptions))}")
        tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > 20


def run(operation: Any, examples: int) -> None:  # noqa: ANN401 - as the library has it
    """Try one operation."""

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=QUIET,
        phases=[Phase.generate],
        derandomize=True,
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:  # noqa: ANN401 - as above
        case.call_and_validate(checks=HELD)

    ask()


@pytest.fixture(scope="module")
def base(town_url: str) -> Iterator[str]:
    """Landing page of a service in a process of its own."""
    with served(town_url) as running:
        yield running


@pytest.fixture(scope="module")
def address(base: str) -> tuple[str, int]:
    """Its host and port."""
    parts = urlsplit(base)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def test_description__is_kept_by_the_service(base: str) -> None:
    by_description(base, examples=1)


@pytest.mark.slow
def test_description__is_kept_by_the_service_at_length(base: str) -> None:
    by_description(base, examples=150)


ITEMS = b"/v1/collections/hotspots/items"


def get(target: bytes, *lines: bytes) -> bytes:
    """Write a request."""
    return b"\r\n".join((b"GET " + target + b" HTTP/1.1", b"Host: 127.0.0.1", *lines, b"", b""))


def post(*lines: bytes, body: bytes = b"") -> bytes:
    """Write a request with a body."""
    return b"\r\n".join((b"POST /v1 HTTP/1.1", b"Host: 127.0.0.1", *lines, b"", body))


GARBAGE: dict[str, bytes] = {
    "broken percent encodings": get(ITEMS + b"?theme=%zz%&%=%1"),
    "invalid UTF-8": get(b"/v1/collections/%ff%fe\xff\xfe?\xc3\x28=\xa0"),
    "null bytes": get(ITEMS + b"?theme=%00\x00"),
    "a header of 64 KB": get(b"/v1", b"X-Large: " + b"a" * 65_536),
    "a thousand headers": get(b"/v1", *[b"X: y"] * 1000),
    "a query of 1 MB": get(ITEMS + b"?filter=" + b"1" * 1_000_000),
    "a path of 1 MB": get(b"/v1/" + b"a/" * 500_000),
    "garbage behind a request": get(b"/v1") + bytes(range(256)) * 20,
    "only garbage": random.Random(3).randbytes(20_000),  # noqa: S311 - no secret hangs on it
    "half a request": b"GET /v1 HTTP/1.1\r\nHost: 127",
    "half a body": post(b"Content-Length: 100000", body=b"abc"),
    "a negative length": post(b"Content-Length: -5"),
    "a length and chunks": post(b"Content-Length: 1", b"Transfer-Encoding: chunked", body=b"z"),
    "a wrong chunk": post(b"Transfer-Encoding: chunked", body=b"zz\r\nabc\r\n"),
    "a method of its own": b"BREW /v1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a long method": b"A" * 100_000 + b" /v1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "no host": b"GET /v1 HTTP/1.1\r\n\r\n",
    "two hosts": get(b"/v1", b"Host: evil"),
    "an address of a proxy": get(b"http://elsewhere/v1"),
    "dots": get(b"/v1/../../../../etc/passwd"),
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a switch of protocol": get(b"/v1", b"Upgrade: websocket", b"Connection: Upgrade"),
    "strange ranges of media": get(b"/v1", b"Accept: ;;q=,/*;q=nan,\xff"),
    "a strange tag": get(b"/v1", b'If-None-Match: """,W/,"\xff'),
    "a strange coding": get(b"/v1", b"Accept-Encoding: gzip;q=x,\x01,,br;q=9"),
    "many requests at once": get(b"/v1") * 50,
}


def exchange(address: tuple[str, int], sent: bytes, *, patience_s: float = 0.5) -> bytes:
    """Send bytes, and read what comes until nothing does."""
    came = b""
    with socket.create_connection(address, timeout=10) as connection:
        connection.settimeout(patience_s)
        # The server may hang up while it is told nonsense, or wait for more of it.
        with suppress(OSError):
            connection.sendall(sent)
        with suppress(OSError):
            while len(came) < 1_000_000 and (part := connection.recv(65_536)):
                came += part
    return came


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage__is_refused_and_the_service_goes_on(address: tuple[str, int], name: str) -> None:
    came = exchange(address, GARBAGE[name])
    first = came.split(b"\r\n", 1)[0]
    assert b" 500 " not in first, came[:500]
    assert b"Traceback" not in came
    after = exchange(address, get(b"/v1/conformance", b"Connection: close"), patience_s=30)
    assert after.startswith(b"HTTP/1.1 200 "), after[:200]
