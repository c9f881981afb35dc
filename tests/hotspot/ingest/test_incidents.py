from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspot.crs import Plane
from hotspot.errors import InvalidFile, InvalidParameter
from hotspot.ingest.incidents import read_incidents
from hotspot.ingest.mapping import parse_mapping
from hotspot.rows import ABSENT_S, AcceptedRows, Batch, Reason, RefusedRows
from tests.hotspot.ingest.example import (
    LOADED_AT,
    MAPPING,
    ROW,
    TOWN,
    accepted,
    batches,
    csv_of,
    mapping_of,
    one,
    refused,
    utc,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def test_read_incidents__accepts_a_sound_row_as_the_contract_says(tmp_path: Path) -> None:
    row = accepted(tmp_path)
    assert row.row.tolist() == [2]
    assert row.xy_m.tolist() == [[500.0, 1500.0]]
    assert row.started_s.tolist() == row.ended_s.tolist() == [utc("2010-07-26 06:30")]
    assert row.reported_s.tolist() == [utc("2010-07-26 07:00")]
    texts = (
        row.precision,
        row.theme,
        row.subtheme,
        row.code,
        row.reporter,
        row.neighbourhood,
        row.stated_area,
    )
    assert [text[0] for text in texts] == ["minute", "theft", "shoplifting", "A50", "citizen", "W", "W"]
    assert all(type(text[0]) is str for text in texts)


@pytest.mark.parametrize(
    ("row", "reason", "detail"),
    [
        (
            {"count": "-1", "code": "?"},
            Reason.REVERSED,
            "it takes back an earlier row: column 'count' holds '-1'",
        ),
        ({"code": "B1", "begin": "?"}, Reason.UNMAPPED_CODE, "code 'B1' stands in no theme of mapping test"),
        ({"code": ""}, Reason.UNMAPPED_CODE, "the row has no code"),
        ({"code": "1.4.1"}, Reason.UNMAPPED_CODE, "code '1.4.1' is deliberately left out: never on a map"),
        (
            {"begin": "yesterday", "x": ""},
            Reason.UNPARSABLE_DATE,
            "holds 'yesterday', which no date format reads",
        ),
        ({"begin": ""}, Reason.UNPARSABLE_DATE, "column 'begin' is empty"),
        ({"end": "later"}, Reason.UNPARSABLE_DATE, "column 'end' holds 'later'"),
        ({"begin": "1900-01-01"}, Reason.IMPOSSIBLE_DATE, "before 2005-01-01, the earliest day believed"),
        (
            {"begin": "2011-02-01", "x": "0"},
            Reason.IMPOSSIBLE_DATE,
            "after 2011-01-15T00:00:00Z, the moment of load",
        ),
        ({"end": "2011-02-01"}, Reason.IMPOSSIBLE_DATE, "the moment of loading: 2011-01-31T23:00:00Z"),
        ({"end": "2010-07-25"}, Reason.IMPOSSIBLE_DATE, "before it begins on 2010-07-26T06:30:00Z"),
        ({"x": ""}, Reason.NO_COORDINATES, "column 'x' is empty"),
        ({"x": "", "y": ""}, Reason.NO_COORDINATES, "column 'x' and 'y' are empty"),
        ({"x": "here"}, Reason.NO_COORDINATES, "column 'x' holds 'here' and column 'y' holds '1500'"),
        ({"y": "nan"}, Reason.NO_COORDINATES, "no pair of numbers"),
        ({"y": "1e999"}, Reason.NO_COORDINATES, "no pair of numbers"),
        ({"x": "0"}, Reason.ZERO_COORDINATES, "zeros stand for an unknown place: (0, 1500)"),
        ({"x": "2051"}, Reason.OUTSIDE, "it lies farther than 50 m from all neighbourhoods: (2051, 1500)"),
    ],
)
def test_read_incidents__refuses_for_the_first_reason_and_says_why(
    tmp_path: Path, row: dict[str, str], reason: Reason, detail: str
) -> None:
    came, told = refused(tmp_path, row)
    assert came == reason
    assert detail in told


def test_read_incidents__takes_a_row_within_reach_of_a_neighbourhood(tmp_path: Path) -> None:
    assert accepted(tmp_path, {"x": "2049"}).neighbourhood.tolist() == ["E"]


def test_read_incidents__an_interval_lasts_to_the_end_of_its_end(tmp_path: Path) -> None:
    row = accepted(tmp_path, {"end": "2010-07-28"})
    assert (row.started_s[0], row.ended_s[0]) == (utc("2010-07-26 06:30"), utc("2010-07-28 21:59:59"))
    assert row.precision[0] == "day"


def test_read_incidents__who_reported_is_said_by_the_row_then_by_its_code(tmp_path: Path) -> None:
    rows = csv_of({"who": "Ambtshalve"}, {"code": "F41"}, {"who": "?"})
    assert one(rows, tmp_path).accepted.reporter.tolist() == ["police", "police", "citizen"]


def test_read_incidents__a_report_that_tells_no_minute_is_absent(tmp_path: Path) -> None:
    rows = csv_of({"reported": "2010-07-27"}, {"reported": ""}, {"reported": "?"})
    assert one(rows, tmp_path).accepted.reported_s.tolist() == [ABSENT_S] * 3


def test_read_incidents__a_source_without_reports_and_areas_has_none(tmp_path: Path) -> None:
    bare = MAPPING.replace('reported = "reported"', "").replace('[area]\ncolumn = "area"', "")
    row = accepted(tmp_path, mapping=parse_mapping(bare.encode(), origin="m"))
    assert row.reported_s.tolist() == [ABSENT_S]
    assert row.stated_area.tolist() == [None]


def test_read_incidents__whole_numbers_of_spreadsheets_are_the_areas_they_name(tmp_path: Path) -> None:
    rows = csv_of({"area": "66.0"}, {"area": "6.5"}, {"area": ""})
    assert one(rows, tmp_path).accepted.stated_area.tolist() == ["66", "6.5", None]


def test_read_incidents__keeps_a_refused_row_as_it_was(tmp_path: Path) -> None:
    rows = one(csv_of({"code": " B1 ", "area": ""}), tmp_path).refused
    assert json.loads(rows.raw[0]) == {**ROW, "id": "0", "code": " B1 ", "area": ""}
    assert (rows.code[0], rows.stated_area[0]) == ("B1", None)


def test_read_incidents__of_a_sensitive_row_keeps_the_code_only(tmp_path: Path) -> None:
    rows = one(csv_of({"code": "1.4.1"}), tmp_path).refused
    assert json.loads(rows.raw[0]) == {"code": "1.4.1"}
    assert rows.stated_area[0] is None


def test_read_incidents__refuses_the_later_of_two_with_one_key_even_in_another_batch(tmp_path: Path) -> None:
    rows = csv_of({"id": "a"}, {"id": "b"}, {"id": "a"}, {"id": "c", "x": ""}, {"id": "c"}, {"id": "b"})
    for batch_rows in (1, 2, 1000):
        read = batches(rows, tmp_path, batch_rows=batch_rows)
        refusals = [pair for b in read for pair in zip(b.refused.row, b.refused.detail, strict=True)]
        assert refusals == [
            (4, "row 2 is the same incident"),
            (5, "column 'x' is empty"),
            (7, "row 3 is the same incident"),
        ]


def test_read_incidents__a_row_without_an_identity_is_never_a_duplicate(tmp_path: Path) -> None:
    assert len(one(csv_of({"id": ""}, {"id": " "}), tmp_path).accepted) == 2
    unnamed = mapping_of('[duplicate]\ncolumns = "id"')
    rows = one(csv_of({"id": "a"}, {"id": "a"}), tmp_path, mapping=unnamed)
    assert len(set(rows.accepted.key)) == 2


def test_read_incidents__a_reversing_row_shares_its_reversal_key_with_its_partner(tmp_path: Path) -> None:
    rows = one(
        csv_of({}, {"count": "-1", "x": "0", "y": "0", "area": "?"}, {"count": "-1", "code": "F4"}), tmp_path
    )
    assert rows.refused.reverses.tolist() == [True, True]
    assert rows.refused.reversal_key[0] == rows.accepted.reversal_key[0]
    assert rows.refused.reversal_key[1] != rows.accepted.reversal_key[0]


def test_read_incidents__of_several_columns_the_first_known_code_decides(tmp_path: Path) -> None:
    several = mapping_of('columns = "code"', 'columns = ["code", "who"]')
    rows = csv_of(
        {"who": "F4"},
        {"code": "?", "who": "F4"},
        {"code": "", "who": "zz"},
        {"who": "1.4.1"},
        {"code": "z", "who": "z"},
    )
    batch = one(rows, tmp_path, mapping=several)
    assert batch.accepted.subtheme.tolist() == ["shoplifting", "trade"]
    assert batch.accepted.code.tolist() == ["A50", "F4"]
    assert batch.refused.code.tolist() == ["zz", "1.4.1", "z"]
    assert "left out" in batch.refused.detail[1]


def test_read_incidents__joined_columns_form_one_code(tmp_path: Path) -> None:
    joined = mapping_of('columns = "code"', 'columns = ["code", "who"]\njoined = true')
    batch = one(csv_of({"code": "F41", "who": "x"}), tmp_path, mapping=joined)
    assert batch.accepted.code.tolist() == ["F41 | x"]


def test_read_incidents__a_date_and_a_time_column_are_one_text(tmp_path: Path) -> None:
    split = mapping_of('start = "begin"', 'start = ["begin", "who"]')
    assert accepted(tmp_path, {"begin": "2010-07-26", "who": "08:30"}, mapping=split).started_s[0] == utc(
        "2010-07-26 06:30"
    )
    assert accepted(tmp_path, {"begin": "2010-07-26", "who": ""}, mapping=split).precision[0] == "day"


def test_read_incidents__decimal_commas(tmp_path: Path) -> None:
    comma = mapping_of('y = "y"', 'y = "y"\ndecimal = ","')
    rows = csv_of({"x": "500,5"}, {"x": "500.5"}, {"x": "1.500,5"}, delimiter=";")
    batch = one(rows, tmp_path, mapping=comma)
    assert batch.accepted.xy_m[:, 0].tolist() == [500.5, 500.5]
    assert batch.refused.reason.tolist() == [Reason.NO_COORDINATES]


def test_read_incidents__a_place_on_the_greenwich_meridian_is_real(tmp_path: Path) -> None:
    degrees = mapping_of('crs = "EPSG:28992"', 'crs = "OGC:CRS84"')
    assert refused(tmp_path, {"x": "0", "y": "51.5"}, mapping=degrees)[0] == Reason.OUTSIDE
    assert refused(tmp_path, {"x": "0", "y": "0"}, mapping=degrees)[0] == Reason.ZERO_COORDINATES
    assert refused(tmp_path, {"x": "5", "y": "95"}, mapping=degrees)[0] == Reason.OUTSIDE


def test_read_incidents__needs_a_moment_with_a_zone(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="loaded_at must have a time zone"):
        next(
            read_incidents(
                tmp_path,
                mapping_of(),
                plane=Plane(),
                neighbourhoods=TOWN,
                outside_m=0,
                loaded_at=LOADED_AT.replace(tzinfo=None),
            )
        )


def assert_whole(read: Sequence[Batch], rows: int) -> None:
    accepted_rows: list[AcceptedRows] = [batch.accepted for batch in read]
    refused_rows: list[RefusedRows] = [batch.refused for batch in read]
    numbers = [row for part in accepted_rows for row in part.row] + [
        row for part in refused_rows for row in part.row
    ]
    assert sorted(numbers) == list(range(2, rows + 2))
    for part in refused_rows:
        assert set(part.reason) <= {reason.value for reason in Reason}
        assert all(isinstance(json.loads(raw), dict) for raw in part.raw)
        assert all(part.detail)
    for rows_in in accepted_rows:
        assert np.isfinite(rows_in.xy_m).all()
        assert (rows_in.started_s <= rows_in.ended_s).all()
        assert set(rows_in.neighbourhood) <= {"W", "E"}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                name: st.sampled_from(
                    [ROW[name], "", "0", "-1", "é", "1e5", "2010-07-26", "F4", "1.4.1", '"a,b"']
                )
                | st.text(alphabet="0123456789-:. WEA;é", max_size=8)
                for name in ROW
            }
        ),
        max_size=12,
    ),
    st.integers(1, 5),
)
def test_read_incidents__accepts_or_refuses_every_row(
    tmp_path: Path, rows: list[dict[str, str]], batch_rows: int
) -> None:
    read = batches(csv_of(*rows), tmp_path, batch_rows=batch_rows)
    assert_whole(read, len(rows))
    whole = batches(csv_of(*rows), tmp_path)
    keys = [
        np.concatenate([batch.accepted.key for batch in part]).tolist() if part else []
        for part in (read, whole)
    ]
    assert keys[0] == keys[1]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(
    st.binary(max_size=300)
    | st.binary(max_size=40).map(lambda tail: csv_of({}, {}) + tail)
    | st.text(max_size=60).map(lambda tail: csv_of({}) + tail.encode(errors="replace"))
    | st.binary(max_size=20).map(lambda tail: b"PAR1" + tail)
    | st.binary(max_size=20).map(lambda tail: b"\x1f\x8b\x08" + tail)
    | st.text(max_size=30).map(lambda tail: b'{"type":"FeatureCollection",' + tail.encode(errors="replace"))
)
def test_read_incidents__any_bytes_are_read_or_raise_our_error(tmp_path: Path, content: bytes) -> None:
    try:
        read = batches(content, tmp_path)
    except InvalidFile as error:
        assert str(error).startswith("incidents.csv")
    else:
        assert_whole(read, sum(batch.rows_read for batch in read))
