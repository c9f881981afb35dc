from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hotspot.city import City, chessboard, city
from hotspot.simulate import Campaign, History, Kind, Planted, history, planted
from hotspot.weeks import Week, week_ordinals

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST = Week(2024, 1)
DRUGS = Kind("drug_nuisance", (("dealing", 0.6), ("use", 0.4)), per_week=30.0)
THEFT = Kind("theft", (("bicycle", 1.0),), per_week=20.0, interval_h=6.0, police_share=0.0)


@pytest.fixture(scope="module")
def town() -> City:
    return city(
        chessboard(3, 3, side_m=700), weights=range(1, 10), addresses=2500, rng=np.random.default_rng(4)
    )


def drawn(
    town: City,
    *kinds: Kind,
    weeks: int = 40,
    truth: tuple[Planted, ...] = (),
    campaigns: tuple[Campaign, ...] = (),
) -> History:
    return history(
        town,
        kinds,
        first=FIRST,
        weeks=weeks,
        truth=truth,
        campaigns=campaigns,
        zone=AMSTERDAM,
        rng=np.random.default_rng(5),
    )


def test_history__is_in_the_order_of_time_and_inside_its_weeks(town: City) -> None:
    told = drawn(town, DRUGS, THEFT)
    weeks = week_ordinals(told.incidents.started_s, AMSTERDAM) - FIRST.ordinal
    assert np.all(np.diff(told.incidents.started_s) >= 0)
    assert weeks.min() >= 0
    assert weeks.max() <= 39
    assert told.incidents.key.tolist() == list(range(1, len(told.incidents) + 1))


def test_history__has_the_volume_and_the_subthemes_that_were_asked_for(town: City) -> None:
    told = drawn(town, DRUGS, weeks=52).incidents
    assert len(told) == pytest.approx(52 * 30, abs=4 * (52 * 30) ** 0.5)
    assert np.mean(told.subtheme == "dealing") == pytest.approx(0.6, abs=0.05)


def test_history__of_a_theme_does_not_change_with_a_theme_behind_it(town: City) -> None:
    alone, both = drawn(town, DRUGS).incidents, drawn(town, DRUGS, THEFT).incidents
    assert np.array_equal(alone.started_s, both.started_s[both.theme == "drug_nuisance"])


def test_history__gives_intervals_and_reporters(town: City) -> None:
    told = drawn(town, DRUGS, THEFT)
    theft = told.incidents.theme == "theft"
    length_s = told.incidents.ended_s - told.incidents.started_s
    assert length_s[theft].mean() == pytest.approx(6 * 3600, rel=0.15)
    assert not length_s[~theft].any()
    assert set(told.reporter[theft]) == {"citizen"}
    assert set(told.reporter[~theft]) == {"citizen", "police"}


def test_history__plants_what_the_truth_says(town: City) -> None:
    rng = np.random.default_rng(6)
    spot = planted(
        town,
        "drug_nuisance",
        radius_m=80,
        incidents=9,
        first=FIRST.plus(30),
        weeks=3,
        on_border=True,
        rng=rng,
    )
    late = Planted("drug_nuisance", spot.xy_m, 80.0, FIRST.plus(39), 10, 50)
    told = drawn(town, DRUGS, THEFT, truth=(spot, late))
    mine = told.planted == 0
    weeks = week_ordinals(told.incidents.started_s[mine], AMSTERDAM) - FIRST.ordinal
    away_m = np.hypot(*(told.incidents.xy_m[mine] - np.array(spot.xy_m)).T)
    assert mine.sum() == 9
    assert set(weeks.tolist()) <= {30, 31, 32}
    assert away_m.max() <= 80
    assert 0 < np.count_nonzero(told.planted == 1) < 50
    assert told.truth == (spot, late)


def test_planted__on_a_border_reaches_two_neighbourhoods(town: City) -> None:
    spot = planted(
        town,
        "theft",
        radius_m=60,
        incidents=5,
        first=FIRST,
        weeks=1,
        on_border=True,
        rng=np.random.default_rng(7),
    )
    near = np.hypot(*(town.xy_m - np.array(spot.xy_m)).T) <= 60
    assert np.unique(town.area[near]).size > 1


def test_planted__refuses_a_city_without_room(town: City) -> None:
    with pytest.raises(ValueError, match=r"no place for a hotspot of 0\.5 m"):
        planted(town, "theft", radius_m=0.5, incidents=5, first=FIRST, weeks=1, rng=np.random.default_rng(8))


def test_history__campaigns_raise_the_city_or_one_quarter(town: City) -> None:
    everywhere = Campaign("drug_nuisance", FIRST.plus(10), 5, 3.0)
    quarter = Campaign("drug_nuisance", FIRST.plus(20), 5, 6.0, area_code="B0303")
    other = Campaign("theft", FIRST, 40, 9.0)
    told = drawn(town, DRUGS, campaigns=(everywhere, quarter, other)).incidents
    week = week_ordinals(told.started_s, AMSTERDAM) - FIRST.ordinal
    usual = np.count_nonzero(week < 10) / 10
    assert np.count_nonzero((week >= 10) & (week < 15)) / 5 == pytest.approx(3 * usual, rel=0.3)
    here = told.neighbourhood == "B0303"
    assert np.mean(here[(week >= 20) & (week < 25)]) > 2 * np.mean(here[week < 10])


def test_history__repeats_and_drift_change_what_they_should(town: City) -> None:
    often = Kind("theft", (("bicycle", 1.0),), per_week=20.0, repeat_share=0.5)
    assert len(drawn(town, often).incidents) > 1.3 * len(drawn(town, THEFT).incidents)
    drifting = Kind("theft", (("bicycle", 1.0),), per_week=20.0, drift=1.0)
    assert not np.array_equal(drawn(town, drifting).incidents.xy_m, drawn(town, THEFT).incidents.xy_m)
