"""Claims about the evidence of hotspots."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.explain import Caveat, Explanation, Nearby, NearRepeats, PlannedEvent, explain
from hotspot.model import Detection, Hotspot, Incidents, Kind, Label, Reports
from hotspot.rows import ABSENT_S
from hotspot.sample import taken
from tests import factories
from tests.factories import MIDNIGHT_S, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

ZONE = ZoneInfo("Europe/Amsterdam")
DAY_S = 86_400
X_M, Y_M = 176_000.0, 318_000.0


def theme(days: Sequence[float], offsets_m: Sequence[float], *, precision: str = "minute") -> Incidents:
    """Incidents of one theme so many days into 2010-W30 and so far east of a corner; keys from 1."""
    n = len(days)
    start = MIDNIGHT_S + np.round(np.array(days) * DAY_S).astype(np.int64)
    return Incidents(
        np.arange(1, n + 1, dtype=np.int64),
        np.column_stack([X_M + np.array(offsets_m), np.full(n, Y_M)]),
        start,
        start,
        texts([precision] * n),
        texts(["drug_nuisance"] * n),
        texts(["drug_dealing"] * n),
        texts(["BU01"] * n),
    )


def reports(reporters: Sequence[str], stated: Sequence[str | None] | None = None) -> Reports:
    """How they became known."""
    n = len(reporters)
    return Reports(np.full(n, ABSENT_S), texts(reporters), texts([None] * n if stated is None else stated))


def explained(
    hotspot: Hotspot,
    incidents: Incidents,
    known: Reports | None = None,
    *,
    detection: Detection | None = None,
    others: Sequence[Hotspot] = (),
    completeness: float | None = None,
    calendar: Sequence[PlannedEvent] = (),
) -> Explanation:
    return explain(
        [hotspot],
        incidents,
        reports(["citizen"] * len(incidents)) if known is None else known,
        detection=factories.detection([hotspot]) if detection is None else detection,
        others=others,
        area_names={"BU01": "Buurt 1"},
        zone=ZONE,
        completeness=completeness,
        calendar=calendar,
    )[0]


FOUR = theme([0.0, 1.0, 2.0, 4.0], [0.0, 0.0, 50.0, 150.0])
AT_FOUR = factories.hotspot(members=(1, 2, 3, 4))


def test_explain__has_the_interval_of_the_relative_risk_that_is_published() -> None:
    # METHODS 2.11 with a = b = 1/2: the posterior of 9 events for 1.5 is Gamma(9.5, 2), of mean 4.75.
    found = explained(AT_FOUR, FOUR)
    assert found.relative_risk_lower == pytest.approx(2.227, abs=0.001)
    assert found.relative_risk_upper == pytest.approx(8.213, abs=0.001)


@given(st.integers(1, 60), st.floats(0.0, 30))
def test_explain__has_the_published_risk_within_its_interval(observed: int, expected: float) -> None:
    risk = (observed + 0.5) / (expected + 0.5)
    told = factories.evidence(observed=observed, expected=expected, relative_risk=risk)
    found = explained(dataclasses.replace(AT_FOUR, evidence=told), FOUR)
    assert found.relative_risk_lower < risk < found.relative_risk_upper


def test_explain__counts_repeats_by_address() -> None:
    # Two of four events share an address.
    assert explained(AT_FOUR, FOUR).repeat_share == 0.5


def test_explain__does_not_take_one_event_in_two_rows_for_a_repeat() -> None:
    # The second row is of the same quarrel, an hour later.
    found = explained(AT_FOUR, theme([0.0, 1 / 24, 2.0, 4.0], [0.0, 0.0, 50.0, 150.0]))
    assert found.repeat_share == 0.0


def test_explain__counts_who_reported() -> None:
    found = explained(AT_FOUR, FOUR, reports(["citizen", "police", "unknown", "citizen"]))
    assert found.sources == {"citizen": 2, "police": 1, "unknown": 1}


def test_explain__compares_the_stated_area_by_code_or_name() -> None:
    known = reports(["citizen"] * 4, ["BU01", " buurt 1", "Wyck", None])
    geocoding = explained(AT_FOUR, FOUR, known).geocoding
    assert (geocoding.stated_area_agrees, geocoding.stated_area_known) == (2, 3)


def test_explain__takes_a_pile_up_for_imprecise() -> None:
    assert explained(AT_FOUR, FOUR).geocoding.precise == 4
    assert explained(dataclasses.replace(AT_FOUR, pile_up=True), FOUR).geocoding.precise == 2


def test_explain__counts_what_is_dated_to_the_minute() -> None:
    assert explained(AT_FOUR, FOUR).geocoding.dated_to_minute == 4
    by_day = theme([0.0, 1.0, 2.0, 4.0], [0.0, 0.0, 50.0, 150.0], precision="day")
    assert explained(AT_FOUR, by_day).geocoding.dated_to_minute == 0


def test_explain__counts_near_repeats_and_what_dates_dealt_out_would_give() -> None:
    # Of three events, two pairs are within 200 m (0-100, 100-300), one of these within 14 days. In time, of
    # the six pairs of the theme's four dates (6, 0, -20, -8), four are within 14 days.
    incidents = theme([6.0, 0.0, -20.0, -8.0], [0.0, 100.0, 300.0, 5_000.0])
    found = explained(factories.hotspot(members=(1, 2, 3)), incidents)
    assert found.near_repeats == NearRepeats(1, pytest.approx(2 * 4 / 6))  # type: ignore[arg-type]  # A float.


def test_explain__counts_exactly_200_m_and_14_days_as_near() -> None:
    found = explained(factories.hotspot(members=(1, 2)), theme([0.0, -14.0], [0.0, 200.0]))
    assert found.near_repeats.pairs == 1


def test_explain__lists_hotspots_nearby_of_other_themes_too() -> None:
    def at(name: str, east_m: float, theme_of_it: str) -> Hotspot:
        footprint = shapely.box(X_M + east_m, Y_M, X_M + east_m + 50, Y_M + 50)
        return factories.hotspot(name, theme=theme_of_it, footprint=footprint, members=(1, 2, 3, 4))

    here = at("here", 0, "drug_nuisance")
    others = [here, at("far", 551, "theft"), at("edge", 550, "theft"), at("near", 100, "burglary")]
    found = explained(here, FOUR, others=others)
    assert found.nearby == (Nearby("near", 50.0, "burglary"), Nearby("edge", 500.0, "theft"))


def test_explain__of_a_sound_hotspot_has_no_caveat() -> None:
    assert explained(AT_FOUR, FOUR, completeness=0.95).caveats == ()


@pytest.mark.parametrize(("window", "is_campaign"), [(59, False), (60, True)])
def test_explain__warns_where_the_theme_is_up_everywhere(window: int, *, is_campaign: bool) -> None:
    # 520 in 52 weeks lead to expect 40 in four; 60 are half as many again.
    detection = dataclasses.replace(factories.detection([AT_FOUR]), window_incidents=window)
    found = explained(AT_FOUR, FOUR, detection=detection)
    assert (Caveat.CAMPAIGN in found.caveats) is is_campaign
    chronic = dataclasses.replace(AT_FOUR, kind=Kind.CHRONIC)
    assert Caveat.CAMPAIGN not in explained(chronic, FOUR, detection=detection).caveats


def test_explain__does_not_take_few_incidents_for_a_campaign() -> None:
    # 6 for 3 is twice as many, but chance gives that.
    few = dataclasses.replace(factories.detection([AT_FOUR]), window_incidents=6, baseline_incidents=39)
    assert Caveat.CAMPAIGN not in explained(AT_FOUR, FOUR, detection=few).caveats


def test_explain__warns_in_a_fixed_order() -> None:
    told = factories.evidence(observed=4)
    one = dataclasses.replace(AT_FOUR, pile_up=True, evidence=told)
    found = explained(one, FOUR, reports(["police"] * 3 + ["citizen"]), completeness=0.89)
    assert found.caveats == (
        Caveat.PILE_UP,
        Caveat.SMALL_NUMBERS,
        Caveat.POLICE_FOUND,
        Caveat.LATE_REPORTS,
    )


def test_explain__does_not_warn_of_half_by_the_police() -> None:
    found = explained(AT_FOUR, FOUR, reports(["police", "police", "citizen", "unknown"]))
    assert found.caveats == ()


@pytest.mark.parametrize(
    ("last_day", "radius_m", "is_event"), [(2.0, 60, True), (1.0, 60, False), (2.0, 40, False)]
)
def test_explain__knows_planned_events_from_a_calendar(
    last_day: float, radius_m: float, *, is_event: bool
) -> None:
    fair = PlannedEvent(
        Label("kermis", "fair"), MIDNIGHT_S, MIDNIGHT_S + int(last_day * DAY_S), (X_M, Y_M), radius_m
    )
    found = explained(AT_FOUR, FOUR, calendar=[fair])
    assert (Caveat.EVENT in found.caveats) is is_event


def test_explain__refuses_hotspots_of_other_incidents() -> None:
    with pytest.raises(InvalidParameter, match="h1"):
        explained(factories.hotspot(members=(1, 9)), FOUR)


def test_explain__of_nothing_is_nothing() -> None:
    detection = factories.detection()
    found = explain(
        [], FOUR, reports(["citizen"] * 4), detection=detection, others=(), area_names={}, zone=ZONE
    )
    assert found == ()


@given(st.permutations(range(4)))
@settings(deadline=None, max_examples=10)
def test_explain__is_the_same_in_any_order(order: list[int]) -> None:
    known = reports(["citizen", "police", "unknown", "citizen"], ["BU01", None, "x", "BU01"])
    turned = Reports(known.reported_s[order], known.reporter[order], known.stated_area[order])
    assert explained(AT_FOUR, FOUR, known) == explained(AT_FOUR, taken(FOUR, np.array(order)), turned)
