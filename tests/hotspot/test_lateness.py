"""Claims about how much of a week has been reported."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.lateness import HORIZON_WEEKS, as_of_s, completeness, delay_curve
from hotspot.model import Incidents, Reports
from hotspot.rows import ABSENT_S
from hotspot.sample import taken
from hotspot.weeks import Week
from tests.factories import texts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ZONE = ZoneInfo("Europe/Amsterdam")
WEEK = Week(2024, 40)
END_S = int(WEEK.bounds(ZONE)[1].timestamp())
DAY_S, WEEK_S = 86_400, 604_800


def of(
    happened_s: NDArray[np.int64], reported_s: NDArray[np.int64], *, length_s: int = 0
) -> tuple[Incidents, Reports]:
    """Incidents and when they were reported."""
    n = happened_s.size
    incidents = Incidents(
        np.arange(n, dtype=np.int64),
        np.zeros((n, 2)),
        happened_s,
        happened_s + length_s,
        texts(["minute"] * n),
        texts(["theft"] * n),
        texts(["bicycle"] * n),
        texts(["B1"] * n),
    )
    return incidents, Reports(reported_s, texts(["citizen"] * n), texts([None] * n))


def delays_s(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Most within a day, some after a few, few after weeks; none after the horizon."""
    mean_days = rng.choice([0.3, 3.0, 14.0], n, p=[0.6, 0.3, 0.1])
    days = rng.exponential(mean_days)
    return (np.minimum(days, 7 * HORIZON_WEEKS - 1) * DAY_S).astype(np.int64)


def true_share(as_of: int) -> float:
    """Share of the week that has been reported by then, if delays are as above."""
    hours = (np.arange(168) + 0.5) * 3600
    age_days = np.maximum(0.0, (as_of - (END_S - WEEK_S + hours)) / DAY_S)
    parts = zip([0.6, 0.3, 0.1], [0.3, 3.0, 14.0], strict=True)
    return sum(float(part * (1 - np.exp(-age_days / days)).mean()) for part, days in parts)


def a_year(rng: np.random.Generator, *, per_week: int, as_of: int) -> tuple[Incidents, Reports]:
    """What has been reported by then of a year of incidents."""
    happened_s = rng.integers(END_S - 52 * WEEK_S, END_S, 52 * per_week)
    reported_s = happened_s + delays_s(rng, happened_s.size)
    seen = reported_s <= as_of
    return of(happened_s[seen], reported_s[seen])


def test_delay_curve__of_complete_data_is_the_plain_share() -> None:
    days = np.array([0, 0, 1, 1, 1, 3, 7, 7]) * DAY_S
    curve = delay_curve(np.zeros(8, np.int64), days, as_of_s=100 * DAY_S, horizon_s=50 * DAY_S)
    assert (curve.delay_s // DAY_S).tolist() == [0, 1, 3, 7]
    assert curve.share == pytest.approx(np.array([2, 5, 6, 8]) / 8)
    # Greenwood's variance of a plain share is (1 - p) / (n p).
    assert curve.log_variance == pytest.approx([6 / 16, 3 / 40, 2 / 48, 0.0])


def test_delay_curve__corrects_for_what_cannot_be_seen_yet() -> None:
    # Of four old incidents, two were reported after 5 days. Of four new ones, of a day ago, only the two that
    # were reported at once are here: the plain share, 4 of 6, is too large.
    happened_s = np.array([0, 0, 0, 0, 9, 9]) * DAY_S
    reported_s = np.array([0, 0, 5, 5, 9, 9]) * DAY_S
    curve = delay_curve(happened_s, reported_s, as_of_s=10 * DAY_S, horizon_s=10 * DAY_S)
    assert curve.share.tolist() == [0.5, 1.0]


def test_delay_curve__gives_a_report_beforehand_no_delay() -> None:
    curve = delay_curve(np.array([5, 5]), np.array([3, 9]), as_of_s=100, horizon_s=50)
    assert curve.delay_s.tolist() == [0, 4]


def test_completeness__is_all_where_everything_is_reported_at_once() -> None:
    happened_s = np.linspace(END_S - 52 * WEEK_S, END_S - 1, 300).astype(np.int64)
    found = completeness(*of(happened_s, happened_s), WEEK, as_of_s=END_S, zone=ZONE)
    assert (found.share, found.upper) == (1.0, 1.0)
    assert found.lower is not None
    assert 0.98 < found.lower < 1.0


def test_completeness__takes_the_mean_of_the_days() -> None:
    # Half is reported at once and half after exactly three and a half days: at the week's end the first half
    # of the week is in, of the second half only half.
    happened_s = np.linspace(END_S - 52 * WEEK_S, END_S - 1, 2_000).astype(np.int64)
    late_s = np.where(np.arange(2_000) % 2, 7 * DAY_S // 2, 0)
    seen = happened_s + late_s <= END_S
    found = completeness(*of(happened_s[seen], (happened_s + late_s)[seen]), WEEK, as_of_s=END_S, zone=ZONE)
    assert found.share == pytest.approx(0.75, abs=0.01)


def test_completeness__is_said_with_its_moment() -> None:
    happened_s = np.linspace(END_S - 52 * WEEK_S, END_S - 1, 300).astype(np.int64)
    found = completeness(*of(happened_s, happened_s), WEEK, as_of_s=END_S + 4 * 3600, zone=ZONE)
    assert found.said.nl == (
        "Stand van 7 oktober 2024, 04.00 uur: naar schatting 100\u00a0% (98 tot 100\u00a0%) van de "
        "incidenten van deze week is gemeld."
    )
    assert found.said.en == (
        "As of 7 October 2024, 04:00: an estimated 100% (98 to 100%) of this week's "
        "incidents have been reported."
    )


def test_completeness__is_unknown_where_few_reports_have_a_time() -> None:
    happened_s = np.linspace(END_S - 52 * WEEK_S, END_S - 1, 300).astype(np.int64)
    reported_s = np.where(np.arange(300) < 29, happened_s, ABSENT_S)
    found = completeness(*of(happened_s, reported_s), WEEK, as_of_s=END_S, zone=ZONE)
    assert (found.share, found.lower, found.upper, found.is_known) == (None, None, None, False)
    assert found.said.nl == (
        "Hoe volledig deze week is, is niet bekend: van te weinig incidenten is bekend wanneer ze zijn "
        "gemeld (29; 30 nodig)."
    )


def test_completeness__is_unknown_in_the_first_weeks() -> None:
    happened_s = np.linspace(END_S - 7 * WEEK_S, END_S - 1, 300).astype(np.int64)
    found = completeness(*of(happened_s, happened_s), WEEK, as_of_s=END_S, zone=ZONE)
    assert not found.is_known
    assert found.said.en.endswith("there are not yet 8 weeks of reports.")


def test_completeness__of_nothing_is_unknown() -> None:
    nothing = np.empty(0, np.int64)
    assert not completeness(*of(nothing, nothing), WEEK, as_of_s=END_S, zone=ZONE).is_known


def test_completeness__grows_with_time() -> None:
    rng = np.random.default_rng(4)
    known = a_year(rng, per_week=40, as_of=END_S + WEEK_S)
    shares = [
        completeness(*known, WEEK, as_of_s=END_S + days * DAY_S, zone=ZONE).share for days in (0, 1, 3, 7)
    ]
    assert shares == sorted(shares, key=lambda share: share or 0.0)


@given(st.integers(0, 100))
@settings(deadline=None, max_examples=10)
def test_completeness__is_the_same_in_any_order(seed: int) -> None:
    incidents, reports = a_year(np.random.default_rng(seed), per_week=5, as_of=END_S)
    order = np.random.default_rng(seed).permutation(len(incidents))
    turned = Reports(reports.reported_s[order], reports.reporter[order], reports.stated_area[order])
    here = completeness(incidents, reports, WEEK, as_of_s=END_S, zone=ZONE)
    assert here == completeness(taken(incidents, order), turned, WEEK, as_of_s=END_S, zone=ZONE)


def trials(number: int, *, per_week: int, after_s: int) -> tuple[float, float]:
    """Mean error of the share and how often its interval holds the truth."""
    rng, as_of = np.random.default_rng(number + per_week), END_S + after_s
    truth, errors, covered = true_share(as_of), [], 0
    for _ in range(number):
        found = completeness(*a_year(rng, per_week=per_week, as_of=as_of), WEEK, as_of_s=as_of, zone=ZONE)
        assert found.share is not None
        assert found.lower is not None
        assert found.upper is not None
        errors.append(found.share - truth)
        covered += found.lower <= truth <= found.upper
    return float(np.mean(errors)), covered / number


def test_completeness__is_unbiased_and_covers_the_truth() -> None:
    error, coverage = trials(200, per_week=20, after_s=6 * 3600)
    assert abs(error) < 0.003
    assert 0.91 <= coverage <= 0.985


@pytest.mark.slow
@pytest.mark.parametrize("per_week", [2, 5, 20, 100])
@pytest.mark.parametrize("after_s", [6 * 3600, 3 * DAY_S, 4 * WEEK_S])
def test_completeness__covers_the_truth_for_small_and_large_themes(per_week: int, after_s: int) -> None:
    error, coverage = trials(1_000, per_week=per_week, after_s=after_s)
    assert abs(error) < 0.004
    assert 0.93 <= coverage <= 0.985


def test_as_of__is_the_newest_report_of_the_weeks_looked_at() -> None:
    happened_s = np.array([END_S - 9 * WEEK_S, END_S - 2 * DAY_S, END_S - DAY_S, END_S + DAY_S])
    reported_s = np.array([END_S + 5 * WEEK_S, END_S + 7, ABSENT_S, END_S + 2 * DAY_S])
    incidents, reports = of(happened_s, reported_s)
    assert as_of_s(incidents, reports, WEEK, weeks=4, zone=ZONE) == END_S + 7
    assert as_of_s(incidents, reports, WEEK, weeks=10, zone=ZONE) == END_S + 5 * WEEK_S
    assert as_of_s(incidents, reports, WEEK.plus(-20), weeks=4, zone=ZONE) is None


def test_as_of__falls_back_on_the_end_of_an_incident() -> None:
    incidents, reports = of(np.array([END_S - 2 * DAY_S]), np.array([ABSENT_S]), length_s=DAY_S)
    assert as_of_s(incidents, reports, WEEK, weeks=4, zone=ZONE) == END_S - DAY_S


def st_louis(folder: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Months in which incidents of 2010 happened and were reported to the state; 0 is January."""
    happened, reported = [], []
    for file in sorted((folder / "st_louis_2010").glob("*2010.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                day = row["DateOccured"].split()[0]
                if row["Count"].strip() == "1" and day.endswith("/2010"):
                    happened.append(int(day[:2]) - 1)
                    reported.append(int(row["MonthReportedtoMSHP"][-2:]) - 1)
    return np.array(happened, np.int64), np.array(reported, np.int64)


@pytest.mark.parametrize("present", [5, 7, 8])
def test_delay_curve__foretells_what_st_louis_reports_later(shared_data: Path, present: int) -> None:
    # The register knows months, so a month stands for a second: it is the same sum. At the end of a month,
    # which share of its incidents has been reported, of all that come within three months?
    happened, reported = st_louis(shared_data)
    curve = delay_curve(happened, reported, as_of_s=present, horizon_s=3)
    of_month = reported[happened == present] - present
    later = of_month[of_month <= 3]
    truth = float(np.mean(later == 0))
    assert 0.9 < truth < 0.97
    assert curve.share[0] == pytest.approx(truth, abs=0.015)
    # Without correction the latest month looks complete, and so do too many of those before.
    seen = reported <= present
    assert curve.share[0] < float(np.mean((reported - happened)[seen] == 0))
