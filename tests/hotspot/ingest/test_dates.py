from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidMapping
from hotspot.ingest.dates import Moments, read_texts, read_typed, to_utc
from hotspot.ingest.formats import DAY, MINUTE, MONTH, DateFormat
from hotspot.model import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def read(texts: Sequence[str], *formats: str, zone: ZoneInfo = AMSTERDAM, coarsest: int = MINUTE) -> Moments:
    parsed = [DateFormat.parse(text) for text in formats]
    return read_texts(pa.array(texts, pa.string()), parsed, zone=zone, coarsest=coarsest)


def utc(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def test_read_texts__reads_a_minute_on_the_local_clock() -> None:
    moments = read(["2010-07-26 08:30"], "%Y-%m-%d %H:%M")
    assert moments.first_s[0] == moments.last_s[0] == utc("2010-07-26 06:30")
    assert moments.precision[0] == MINUTE


def test_read_texts__a_day_lasts_from_its_first_second_to_its_last() -> None:
    moments = read(["2010-03-28"], "%Y-%m-%d")
    assert (moments.first_s[0], moments.last_s[0]) == (utc("2010-03-27 23:00"), utc("2010-03-28 21:59:59"))
    assert moments.precision[0] == DAY


def test_read_texts__a_month_lasts_from_its_first_second_to_its_last() -> None:
    moments = read(["2010-12"], "%Y-%m")
    assert (moments.first_s[0], moments.last_s[0]) == (utc("2010-11-30 23:00"), utc("2010-12-31 22:59:59"))
    assert moments.precision[0] == MONTH


def test_read_texts__tries_formats_in_their_order() -> None:
    moments = read(
        ["31-12-2010 10:00", "31-12-2010", "01/02/2010"], "%d-%m-%Y %H:%M", "%d-%m-%Y", "%m/%d/%Y", "%d/%m/%Y"
    )
    assert moments.precision.tolist() == [MINUTE, DAY, DAY]
    assert moments.first_s[2] == utc("2010-01-01 23:00")


@pytest.mark.parametrize(
    "text",
    ["2010-02-30 10:00", "2010-13-01 10:00", "2010-00-10 10:00", "2010-01-00 10:00", "0000-01-01 10:00",
     "now", "2010-01-01 24:00", "2010-01-01 10:60", "2010-01-01", "2010-01-01 10:00x", "x2010-01-01 10:00",
     "\u0662\u0660\u0661\u0660-01-01 10:00"],
)  # fmt: skip
def test_read_texts__does_not_read_what_is_no_date(text: str) -> None:
    moments = read([text], "%Y-%m-%d %H:%M")
    assert moments.unparsable[0]
    assert not moments.known[0]
    assert not moments.absent[0]


def test_read_texts__an_empty_text_tells_nothing() -> None:
    moments = read(["", "2010-01-01"], "%Y-%m-%d")
    assert moments.absent.tolist() == [True, False]
    assert not moments.unparsable.any()


def test_read_texts__a_time_that_the_clocks_show_twice_may_be_either() -> None:
    moments = read(["2010-10-31 02:30"], "%Y-%m-%d %H:%M")
    assert (moments.first_s[0], moments.last_s[0]) == (utc("2010-10-31 00:30"), utc("2010-10-31 01:30"))


def test_read_texts__a_time_that_the_clocks_skip_is_read_by_the_old_clock() -> None:
    moments = read(["2010-03-28 02:30", "2010-03-28 03:30"], "%Y-%m-%d %H:%M")
    assert moments.first_s.tolist() == moments.last_s.tolist() == [utc("2010-03-28 01:30")] * 2


def test_read_texts__an_offset_in_the_text_goes_before_the_zone() -> None:
    moments = read(
        ["2010-01-01T10:00Z", "2010-01-01T10:00+02:00", "2010-01-01T10:00-0330"], "%Y-%m-%dT%H:%M%z"
    )
    assert moments.first_s.tolist() == [
        utc("2010-01-01 10:00"),
        utc("2010-01-01 08:00"),
        utc("2010-01-01 13:30"),
    ]


def test_read_texts__reads_a_clock_of_twelve_hours_and_short_years() -> None:
    texts = ["1/2/69 12:05:07.25 AM", "1/2/10 12:05:07.5 pm", "1/2/10 1:05:07.0 PM", "1/2/10 13:05:07.0 PM"]
    moments = read(texts, "%m/%d/%y %I:%M:%S.%f %p", zone=ZoneInfo("UTC"))
    assert moments.first_s[:3].tolist() == [
        utc("1969-01-02 00:05:07"),
        utc("2010-01-02 12:05:07"),
        utc("2010-01-02 13:05:07"),
    ]
    assert moments.unparsable.tolist() == [False, False, False, True]


def test_read_texts__coarsens_to_the_local_day_or_month() -> None:
    texts = ["2010-06-15 23:30"]
    assert read(texts, "%Y-%m-%d %H:%M", coarsest=DAY).first_s[0] == utc("2010-06-14 22:00")
    assert read(texts, "%Y-%m-%d %H:%M", coarsest=MONTH).last_s[0] == utc("2010-06-30 21:59:59")
    moments = read(["2010-06-15T23:30Z"], "%Y-%m-%dT%H:%M%z", coarsest=DAY)
    assert moments.first_s[0] == utc("2010-06-15 22:00")


def test_read_typed__knows_days_local_clocks_and_instants() -> None:
    when = dt.datetime(2010, 7, 26, 8, 30, 15, 500_000, tzinfo=dt.UTC).replace(tzinfo=None)
    day = read_typed(pa.array([when.date(), None]), zone=AMSTERDAM)
    assert (day.first_s[0], day.precision[0]) == (utc("2010-07-25 22:00"), DAY)
    assert day.absent.tolist() == [False, True]
    for unit in ("s", "ms", "us", "ns"):
        local = pa.array([when.replace(microsecond=0)], pa.timestamp(unit))
        assert read_typed(local, zone=AMSTERDAM).first_s[0] == utc("2010-07-26 06:30:15")
    instant = pa.array([when], pa.timestamp("us", "UTC"))
    assert read_typed(instant, zone=AMSTERDAM).first_s[0] == utc("2010-07-26 08:30:15")
    assert read_typed(instant, zone=AMSTERDAM, ignore_offset=True).first_s[0] == utc("2010-07-26 06:30:15")


@given(
    st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)), max_size=20),  # noqa: DTZ001 (local)
    st.sampled_from(["Europe/Amsterdam", "America/Chicago", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"]),
)
def test_to_utc__agrees_with_python_on_both_readings(times: list[dt.datetime], name: str) -> None:
    zone = ZoneInfo(name)
    times = [time.replace(microsecond=0) for time in times]
    clock_s = np.array([int(time.replace(tzinfo=dt.UTC).timestamp()) for time in times], np.int64)
    first_s, last_s = to_utc(clock_s, zone)
    before = [int(time.replace(tzinfo=zone, fold=0).timestamp()) for time in times]
    after = [int(time.replace(tzinfo=zone, fold=1).timestamp()) for time in times]
    assert first_s.tolist() == before
    assert last_s.tolist() == [max(pair) for pair in zip(before, after, strict=True)]


@given(
    st.lists(st.datetimes(), max_size=10),
    st.sampled_from(["%Y-%m-%d %H:%M", "%d.%m.%Y", "%Y%m", "%m/%d/%Y %I:%M %p"]),
)
def test_read_texts__reads_what_python_writes(times: list[dt.datetime], text: str) -> None:
    # %Y is not padded by every strftime, hence the year by hand.
    written = [time.strftime(text.replace("%Y", f"{time.year:04d}")) for time in times]
    assert read(written, text, zone=ZoneInfo("UTC")).known.all()


@given(st.lists(st.text(max_size=20), max_size=10))
def test_read_texts__any_text_is_read_or_told_to_be_unparsable(texts: list[str]) -> None:
    moments = read([text.encode(errors="ignore").decode() for text in texts], "%Y-%m-%d", "%m/%d/%y %H:%M")
    assert (moments.known | moments.absent | moments.unparsable).all()


@given(st.lists(st.integers(-(2**60), 2**60), max_size=5))
def test_read_typed__no_instant_is_too_early_or_too_late(seconds: list[int]) -> None:
    moments = read_typed(pa.array(seconds, pa.timestamp("us")), zone=AMSTERDAM)
    assert moments.known.all()


@pytest.mark.parametrize(
    ("text", "precision"),
    [("%Y-%m-%d %H:%M", Precision.MINUTE), ("%d%%%m%y", Precision.DAY), ("%Y-%m", Precision.MONTH)],
)
def test_date_format__tells_its_precision(text: str, precision: Precision) -> None:
    assert DateFormat.parse(text).precision is precision


@pytest.mark.parametrize(
    "text",
    ["", "%Y", "%m", "%Q", "%", "%Y-%m-%d %M", "%Y-%m %H", "%Y-%m-%d %I", "%Y-%m-%d %p", "%Y-%m-%d %H:%S",
     "%Y-%m-%d%z", "%Y-%y-%m", "%Y-%m-%m", "%Y-%m-%d %H %I %p", "%Y-%m %I %p", "%d"],
)  # fmt: skip
def test_date_format__refuses_what_tells_no_moment(text: str) -> None:
    with pytest.raises(InvalidMapping, match="a date format"):
        DateFormat.parse(text)


@given(st.text(alphabet="%YymdHIMSfpz-/ :T.(["))
def test_date_format__any_text_parses_or_raises_our_error(text: str) -> None:
    try:
        parsed = DateFormat.parse(text)
    except InvalidMapping:
        return
    assert not read([text], parsed.text).known.any()
