"""Whatever is asked, the service answers, and never with its own mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas.common import Problem

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

PATHS = st.sampled_from(
    [
        "/v1",
        "/v1/weeks",
        "/v1/collections/hotspots/items",
        "/v1/collections/neighbourhoods/items",
        "/v1/collections/hotspots/items/d1",
        "/v1/rankings/latest",
        "/v1/rankings/2010-W30",
        "/v1/rankings/latest/hotcrimes",
        "/v1/rankings/2010-W30/differences",
        "/v1/backing",
        "/health",
    ]
)
NAMES = st.sampled_from(["week", "theme", "area", "bbox", "limit", "offset", "edition", "f", "x"])
VALUES = st.one_of(
    st.sampled_from(
        [
            "2010-W30",
            "9999-W52",
            "0000-W00",
            "drug_nuisance",
            "BU01",
            "'; drop table hotspots; --",
            "%",
            "5,50,6,51",
            "180,-90,-180,90",
            "0,0,0,0",
            "-180,-90,180,90",
            "1",
            "0",
            "-1",
            "2147483648",
            "csv",
            "",
            "9223372036854775808",
            "1e308",
            "NaN",
            "\x00",
            "\ud7ff\uffff",
            "%s",
            "{}",
            "null",
            "\u202e",
        ]
    ),
    st.text(max_size=30),
    st.lists(st.floats().map(repr), min_size=3, max_size=7).map(",".join),
    st.integers().map(str),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=40),
    head=st.sampled_from(["/v1/rankings/", "/v1/collections/hotspots/items/", "/"]),
)
def test_any_bytes__in_an_address_are_answered_or_refused(client: TestClient, raw: bytes, head: str) -> None:
    answer = client.get(head + quote(raw, safe=""))
    assert answer.status_code in {200, 400, 404}, answer.text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=40))
def test_any_bytes__in_a_query_are_answered_or_refused(client: TestClient, raw: bytes) -> None:
    for part in (quote(raw, safe="=&%+;"), f"theme={quote(raw, safe='')}"):
        assert client.get(f"/v1/collections/hotspots/items?{part}").status_code in {200, 400}
