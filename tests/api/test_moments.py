"""Instants and intervals mean what RFC 3339 and OGC API say."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import moments
from hotspot.errors import InvalidParameter

NOON = dt.datetime(2010, 7, 26, 12, tzinfo=dt.UTC)
DAY_END = dt.datetime(2010, 7, 26, 23, 59, 59, 999_999, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-07-26T12:00:00Z", (NOON, NOON)),
        ("2010-07-26t12:00:00z", (NOON, NOON)),
        ("2010-07-26T14:00:00+02:00", (NOON, NOON)),
        ("2010-07-26T09:30:00-02:30", (NOON, NOON)),
        ("2010-07-26T12:00:00.25Z", (NOON.replace(microsecond=250_000),) * 2),
        ("2010-07-26T12:00:00.1234567Z", (NOON.replace(microsecond=123_456),) * 2),
        ("2010-07-26T11:59:60Z", (NOON, NOON)),
        ("2010-07-26T12:00:00Z/..", (NOON, None)),
        ("2010-07-26T12:00:00Z/", (NOON, None)),
        ("../2010-07-26T12:00:00Z", (None, NOON)),
        ("/2010-07-26T12:00:00Z", (None, NOON)),
        ("2010-07-26T12:00:00Z/2010-07-26", (NOON, DAY_END)),
        ("2010-07-26", (NOON.replace(hour=0), DAY_END)),
        # As GDAL writes a filter by a day.
        ("2010-07-26T/..", (NOON.replace(hour=0), None)),
        ("../2010-07-26T", (None, DAY_END)),
    ],
)
def test_interval__is_read(text: str, expected: tuple[dt.datetime | None, dt.datetime | None]) -> None:
    assert moments.interval(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2010",
        "2010-07",
        "2010-02-30",
        "2010-02-30T00:00:00Z",
        "2010-07-26T12:00:00",
        "2010-07-26T24:00:00Z",
        "2010-07-26T12:00:61Z",
        "2010-07-26T12:60:00Z",
        "2010-07-26 12:00:00Z",
        "2010-07-26T12:00:00+2",
        "2010-07-26T12:00:00+24:00",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:60Z",
        "٢010-07-26T12:00:00Z",
        "..",
        "/",
        "../..",
        "/..",
        "../",
        "2010-07-26T12:00:00Z/2010-07-26T11:59:59Z",
        "2010-07-27/2010-07-26",
        "2010-07-26/2010-07-27/2010-07-28",
        "2010-07-26/x",
    ],
)
def test_interval__that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match="datetime must"):
        moments.interval(text)


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_instant__is_read_back_as_it_was_written(moment: dt.datetime) -> None:
    assert moments.instant(moments.written(moment)) == moment
