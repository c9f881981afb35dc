"""Events are counted once, in the week, hour and neighbourhood in which they happened."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspot import rings
from hotspot.model import Incidents, Reports
from hotspot.rows import ABSENT_S
from hotspot.sample import taken
from hotspot.tally import Ledger, ledger, tally
from hotspot.weeks import Week
from tests import factories

ZONE = ZoneInfo("Europe/Amsterdam")
WEEK = Week(2010, 30)
MONDAY_S = int(WEEK.bounds(ZONE)[0].timestamp())
HOUR_S, WEEK_S = 3600, 7 * 86_400


def _ledger(incidents: Incidents) -> Ledger:
    """A ledger of incidents of which it is not known when and by whom they were reported."""
    n = len(incidents)
    reports = Reports(np.full(n, ABSENT_S), factories.texts(["unknown"] * n), factories.texts([None] * n))
    return ledger(incidents, reports, window_weeks=4, zone=ZONE)


def _incidents() -> Incidents:
    """Two a week in twelve weeks, one in each of two neighbourhoods; the last one is registered twice."""
    n = 24
    started = [MONDAY_S - (i // 2) * WEEK_S + 20 * HOUR_S + (i % 2) * 8 * HOUR_S for i in range(n)]
    places = [(176_000.0 + 500 * (i % 2), 318_000.0) for i in range(n)]
    return factories.incidents(
        factories.accepted(
            range(n + 1),
            started_s=[*started, started[0] + HOUR_S],
            xy_m=[*places, places[0]],
            themes=["theft" if i % 2 else "drug_nuisance" for i in range(n)] + ["drug_nuisance"],
            neighbourhoods=[f"BU0{i % 2}" for i in range(n)] + ["BU00"],
        )
    )


def test_tally__counts_by_theme_area_and_week() -> None:
    found = tally(_ledger(_incidents()), WEEK, themes=["theft", "drug_nuisance", "arson"])
    assert (found.weeks, found.themes) == (12, ("arson", "drug_nuisance", "theft"))
    counts = found.by_theme_area_week(["BU00", "BU01", "BU02"])
    assert counts.shape == (3, 4, 12)
    assert counts[:, 0].tolist() == [[0] * 12, [1] * 12, [1] * 12]
    assert counts[1, 1].tolist() == counts[2, 2].tolist() == [1] * 12
    assert counts.sum() == 48
    # Monday 20:00 and Tuesday 04:00 in Amsterdam.
    assert sorted(set(found.hour.tolist())) == [4, 20]


def test_tally__leaves_out_the_hour_of_what_is_known_by_day() -> None:
    rows = factories.accepted(
        [1, 2], started_s=[MONDAY_S, MONDAY_S + HOUR_S], length_s=86_399, precision="day"
    )
    found = tally(_ledger(factories.incidents(rows)), WEEK, themes=["drug_nuisance"])
    assert set(found.hour.tolist()) == {-1}


def test_tally__says_when_the_week_is_not_covered() -> None:
    found = tally(_ledger(_incidents()), WEEK.plus(1), themes=["theft"])
    assert found.weeks == 0
    assert found.by_theme_area_week(["BU00"]).shape == (1, 2, 0)


def test_tally__of_a_week_does_not_depend_on_other_weeks_in_the_ledger() -> None:
    everything = _incidents()
    by_then = taken(everything, everything.started_s < MONDAY_S - 2 * WEEK_S)
    week, themes = WEEK.plus(-3), ["theft", "drug_nuisance"]
    now, then = (tally(_ledger(one), week, themes=themes) for one in (everything, by_then))
    for name in ("theme", "subtheme", "area", "age_weeks", "hour", "xy_m", "places_m"):
        assert getattr(now, name).tolist() == getattr(then, name).tolist()
    assert (now.weeks, now.areas, now.subthemes) == (then.weeks, then.areas, then.subthemes)


def test_tally__takes_the_surroundings_of_its_events_from_those_of_all_incidents() -> None:
    book = _ledger(_incidents())
    shapes = [factories.square(side_m=100), factories.square(176_450, side_m=100)]
    found = tally(book, WEEK, themes=["theft", "drug_nuisance"])
    assert found.theme.size == len(book.incidents) - 1
    sliced = found.near(rings.surroundings(book.incidents.xy_m, shapes))
    direct = rings.surroundings(found.xy_m, shapes)
    for name in ("place", "event", "zone"):
        assert getattr(sliced, name).tolist() == getattr(direct, name).tolist()
    assert set(sliced.zone.tolist()) == {0, 2}


def test_ledger__hands_out_a_theme_in_the_order_of_keys() -> None:
    book = _ledger(taken(_incidents(), np.arange(24, -1, -1)))
    incidents, reports = book.of("theft", WEEK, weeks=3)
    assert incidents.key.tolist() == [1, 3, 5]
    assert set(incidents.theme.tolist()) == {"theft"}
    assert reports.reporter.size == 3
    assert len(book.of("arson", WEEK, weeks=3)[0]) == 0


@given(st.permutations(range(25)))
def test_tally__is_the_same_in_any_order(order: list[int]) -> None:
    counts = [
        tally(_ledger(one), WEEK, themes=["theft", "drug_nuisance"]).by_theme_area_week(["BU00"])
        for one in (_incidents(), taken(_incidents(), np.array(order)))
    ]
    assert counts[0].tolist() == counts[1].tolist()
