"""The quality report counts what a person would count by hand."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from hotspot.model import Precision
from hotspot.rows import Reason
from hotspot.store import municipality
from hotspot.store.agreement import plain_code
from hotspot.store.quality import PILE_UP_INCIDENTS, GeocodedShare, PileUp, quality_report
from tests import factories
from tests.factories import MIDNIGHT_S, accepted, batch, refused
from tests.hotspot.store.loading import load

if TYPE_CHECKING:
    from sqlalchemy import Connection

DAY_S = 86_400


@pytest.fixture
def connection(connection: Connection) -> Connection:
    municipality.write_municipality(connection, factories.municipality())
    return connection


def test_quality_report__of_an_empty_store_is_empty(connection: Connection) -> None:
    report = quality_report(connection)
    assert (report.rows_read, report.rows_accepted, report.first, report.last) == (0, 0, None, None)
    assert (report.pile_ups, report.geocoded_by_area, report.precisions, report.themes) == ((), (), {}, {})
    assert report.agreement.share is None
    assert (report.delay.incidents, report.delay.within_days) == (0, {})


def test_quality_report__counts_rows_themes_and_precision(connection: Connection) -> None:
    reasons = [Reason.OUTSIDE, Reason.UNMAPPED_CODE, Reason.OUTSIDE]
    themes = ["drug_nuisance", "burglary", "burglary"]
    first = load(connection, batch(accepted([1, 2, 3], themes=themes), refused(reasons)))
    second = load(connection, batch(accepted([1, 9], precision="day")), dataset="b.csv")
    other = load(connection, batch(accepted([1])), source="council")
    report = quality_report(connection, source="police")
    assert (report.rows_read, report.rows_accepted) == (8, 4)
    assert report.refused_by_reason == {Reason.OUTSIDE: 2, Reason.UNMAPPED_CODE: 1, Reason.DUPLICATE: 1}
    assert report.loads == (first, second)
    assert quality_report(connection).loads == (first, second, other)
    assert report.themes == {"burglary": {"drug_dealing": 2}, "drug_nuisance": {"drug_dealing": 2}}
    assert report.precisions == {Precision.MINUTE: 0.75, Precision.DAY: 0.25}
    assert report.first == dt.datetime.fromtimestamp(MIDNIGHT_S, dt.UTC)
    assert report.last == dt.datetime.fromtimestamp(MIDNIGHT_S + 7200, dt.UTC)
    assert json.loads(json.dumps(asdict(report), default=str))["rows_read"] == 8


def test_quality_report__tells_where_rows_could_not_be_put_on_the_map(connection: Connection) -> None:
    taken = refused(
        [Reason.NO_COORDINATES, Reason.ZERO_COORDINATES, Reason.OUTSIDE, Reason.UNMAPPED_CODE],
        codes=["A1", "A1", "B2", "B2"],
        stated_areas=["7", "8", "8", "8"],
    )
    rows = accepted([1, 2], codes=["A1", "C3"], stated_areas=["7", None], themes=["x", "y"])
    load(connection, batch(rows, taken))
    report = quality_report(connection)
    assert report.geocoded_by_area == (
        GeocodedShare("7", None, 2, 1),
        GeocodedShare("8", None, 2, 1),
        GeocodedShare(None, None, 1, 1),
    )
    assert report.geocoded_by_code == (
        GeocodedShare("A1", "x", 3, 1),
        GeocodedShare("B2", None, 1, 1),
        GeocodedShare("C3", "y", 1, 1),
    )
    assert report.geocoded_by_code[0].share == pytest.approx(1 / 3)


def test_quality_report__lists_pile_ups(connection: Connection) -> None:
    n = PILE_UP_INCIDENTS
    places = [(1.5, 2.5)] * n + [(3.0, 4.0)] * (n - 1) + [(5.0, 6.0)] * (n + 1)
    starts = [MIDNIGHT_S + DAY_S * (i % 3) for i in range(len(places))]
    names = ["BU01"] * n + ["BU02"] * (n - 1) + ["BU03"] * (n + 1)
    keys = list(range(1, len(places) + 1))
    load(connection, batch(accepted(keys, xy_m=places, started_s=starts, neighbourhoods=names)))
    report = quality_report(connection)
    assert report.n_pile_ups == 2
    assert report.pile_ups == (
        PileUp(5.0, 6.0, "BU03", n + 1, (n + 1) / (3 * n), 3),
        PileUp(1.5, 2.5, "BU01", n, n / (3 * n), 3),
    )


def test_quality_report__measures_the_delay_of_reports(connection: Connection) -> None:
    delays_days = [-1, 0, 1, 2, 6, 7, 30, 364, 365, 400]
    starts = [MIDNIGHT_S] * len(delays_days)
    reports = [MIDNIGHT_S + 3600 + day * DAY_S for day in delays_days]
    load(connection, batch(accepted(list(range(10)), started_s=starts, length_s=3600, reported_s=reports)))
    load(connection, batch(accepted([99])), dataset="b.csv")
    delay = quality_report(connection).delay
    assert delay.incidents == 10
    assert delay.within_days == {0.5: 6, 0.75: 364, 0.9: 365, 0.99: 400}
    assert delay.late == {7: 0.5, 30: 0.4, 365: 0.2}


def test_quality_report__compares_assigned_and_stated_areas(connection: Connection) -> None:
    stated = ["7", "07", "7.0", "8", None]
    load(connection, batch(accepted([1, 2, 3, 4, 5], neighbourhoods=["7"] * 5, stated_areas=stated)))
    agreement = quality_report(connection).agreement
    assert (agreement.compared, agreement.agreed, agreement.share) == (4, 3, 0.75)


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("07", "7"),
        ("0", "0"),
        ("000", "0"),
        ("10.00", "10"),
        ("10.5", "10.5"),
        (" BU07 ", "bu07"),
        ("", ""),
        (".", "."),
    ],
)
def test_plain_code__brings_codes_to_one_form(code: str, plain: str) -> None:
    assert plain_code(code) == plain
