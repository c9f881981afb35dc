import dataclasses
import datetime as dt
import gzip
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.city import City, chessboard, city
from hotspot.cluster.footprint import MARGIN_M
from hotspot.errors import InvalidParameter, Unsuitable
from hotspot.model import Detection, Form, Grade, Hotspot, Incidents, Label, Municipality, Parameters, State
from hotspot.model import Kind as Question
from hotspot.pipeline import detect, detect_week
from hotspot.ranking import rank
from hotspot.sample import taken
from hotspot.simulate import Campaign, History, Kind, Planted, history, planted
from hotspot.weeks import Week, week_ordinals

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PLACE = Municipality("GM0000", "Chessboard")
WEEK = Week(2025, 10)
QUICK = Parameters(replicates=199)
DRUGS = Kind("drug_nuisance", (("dealing", 0.6), ("use", 0.4)), per_week=25.0)
THEFT = Kind("theft", (("bicycle", 1.0),), per_week=12.0)


@cache
def town() -> City:
    rng = np.random.default_rng(20)
    return city(chessboard(4, 4, side_m=700), weights=1 + rng.pareto(1.5, 16), addresses=4000, rng=rng)


def lived(
    *kinds: Kind, truth: tuple[Planted, ...] = (), campaigns: tuple[Campaign, ...] = (), seed: int = 21
) -> History:
    return history(
        town(),
        kinds,
        first=WEEK.plus(-55),
        weeks=56,
        truth=truth,
        campaigns=campaigns,
        zone=AMSTERDAM,
        rng=np.random.default_rng(seed),
    )


def spot(*, on_border: bool = False, incidents: int = 10, weeks: int = 2, seed: int = 22) -> Planted:
    return planted(
        town(),
        "drug_nuisance",
        radius_m=70,
        incidents=incidents,
        first=WEEK.plus(1 - weeks),
        weeks=weeks,
        on_border=on_border,
        rng=np.random.default_rng(seed),
    )


def detected(incidents: Incidents, parameters: Parameters = QUICK, week: Week = WEEK) -> dict[str, Detection]:
    found = detect_week(incidents, town().areas, week, parameters, municipality=PLACE)
    return {detection.theme: detection for detection in found}


def acute(detection: Detection) -> tuple[Hotspot, ...]:
    """What is more than before; these tests plant nothing that lasts all year."""
    return tuple(one for one in detection.hotspots if one.kind is Question.ACUTE)


def found_acute(incidents: Incidents, parameters: Parameters = QUICK) -> tuple[Hotspot, ...]:
    return acute(detected(incidents, parameters)["drug_nuisance"])


def joined(first: Incidents, second: Incidents) -> Incidents:
    names = [column.name for column in dataclasses.fields(Incidents)]
    return Incidents(
        **{name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    )


def reported(
    xy_m: list[tuple[float, float]], *, theme: str = "drug_nuisance", every_h: float = 30.0
) -> Incidents:
    """Incidents of the last days of the week, the last one first."""
    n = len(xy_m)
    end_s = int(WEEK.bounds(AMSTERDAM)[1].timestamp())
    started_s = end_s - (np.arange(1, n + 1) * every_h * 3600).astype(np.int64)
    return Incidents(
        key=np.arange(10**6, 10**6 + n),
        xy_m=np.array(xy_m, float),
        started_s=started_s,
        ended_s=started_s,
        precision=np.full(n, "minute", object),
        theme=np.full(n, theme, object),
        subtheme=np.full(n, "dealing", object),
        neighbourhood=np.full(n, "B0101", object),
    )


def test_detect_week__finds_what_was_planted_and_says_what_it_is() -> None:
    truth = spot()
    told = lived(DRUGS, THEFT, truth=(truth,))
    found = detected(told.incidents)
    assert acute(found["theft"]) == ()
    (hotspot,) = acute(found["drug_nuisance"])
    assert hotspot.grade is Grade.CONFIRMED
    evidence = hotspot.evidence
    mine = set(told.incidents.key[told.planted == 0].tolist())
    assert len(mine & set(hotspot.members)) >= 7
    assert hotspot.footprint.covers(shapely.Point(hotspot.centroid_xy_m))
    assert np.hypot(*(np.array(hotspot.centroid_xy_m) - truth.xy_m)) < 60
    assert (evidence.p_value, evidence.recurrence_weeks) == (0.005, 200.0)
    assert evidence.observed > 3 * evidence.expected
    assert evidence.relative_risk == pytest.approx((evidence.observed + 0.5) / (evidence.expected + 0.5))
    assert evidence.largest_pile_up <= evidence.observed
    assert evidence.places <= evidence.observed
    assert 1 <= evidence.window_weeks <= 4
    assert sum(count for _, count in hotspot.subthemes) == evidence.observed <= len(hotspot.members)
    assert sum(area.share for area in hotspot.neighbourhoods) == pytest.approx(1)
    assert hotspot.neighbourhoods[0].name.startswith("Square ")
    assert list(hotspot.members) == sorted(hotspot.members)
    assert rank(found["drug_nuisance"])[0].hotspot is hotspot


def test_detect_week__its_footprint_covers_its_members() -> None:
    told = lived(DRUGS, truth=(spot(), spot(on_border=True, seed=30)))
    hotspots = [one for one in found_acute(told.incidents) if one.form is not Form.DOT]
    assert hotspots
    for hotspot in hotspots:
        members = told.incidents.xy_m[np.isin(told.incidents.key, hotspot.members)]
        assert hotspot.footprint.covers(shapely.MultiPoint(members))


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_detect_week__a_hotspot_on_a_border_appears_once_under_both(seed: int) -> None:
    told = lived(DRUGS, truth=(spot(on_border=True, incidents=14, seed=seed),))
    mine = set(told.incidents.key[told.planted == 0].tolist())
    hotspots = [one for one in found_acute(told.incidents) if mine & set(one.members)]
    assert len(hotspots) == 1
    assert len(hotspots[0].neighbourhoods) > 1
    assert hotspots[0].neighbourhoods[0].share >= hotspots[0].neighbourhoods[1].share


@given(st.integers(0, 10_000))
@settings(max_examples=5, deadline=None)
def test_detect_week__does_not_care_about_the_order_of_rows(seed: int) -> None:
    told = lived(DRUGS, truth=(spot(),)).incidents
    shuffled = taken(told, np.random.default_rng(seed).permutation(len(told)))
    assert detected(told) == detected(shuffled)


@given(st.integers(-50_000, 50_000), st.integers(-50_000, 50_000))
@settings(max_examples=5, deadline=None)
def test_detect_week__does_not_care_where_the_origin_is(x_m: int, y_m: int) -> None:
    told = lived(DRUGS, truth=(spot(),)).incidents
    moved = dataclasses.replace(told, xy_m=told.xy_m + np.array([x_m, y_m], float))
    here, there = (found_acute(rows) for rows in (told, moved))
    assert [(one.members, one.evidence) for one in here] == [(one.members, one.evidence) for one in there]
    assert here[0].footprint.area == pytest.approx(there[0].footprint.area, rel=1e-3)


def test_detect_week__another_theme_changes_nothing() -> None:
    both = lived(DRUGS, THEFT, truth=(spot(),)).incidents
    alone = taken(both, np.asarray(both.theme == "drug_nuisance", bool))
    assert detected(both)["drug_nuisance"] == detected(alone)["drug_nuisance"]
    named = detect_week(both, town().areas, WEEK, QUICK, municipality=PLACE, themes=["theft", "theft"])
    assert named == (detected(both)["theft"],)


def test_detect_week__ignores_what_lies_outside_its_weeks() -> None:
    told = lived(DRUGS, truth=(spot(),)).incidents
    away_s = np.where(told.key % 2, 10 * 365 * 86_400, -40 * 365 * 86_400)
    strays = dataclasses.replace(
        told,
        key=told.key + 1_000_000,
        started_s=told.started_s + away_s,
        ended_s=told.ended_s + away_s,
    )
    assert detected(joined(told, strays)) == detected(told)


def test_detect_week__a_campaign_in_the_whole_city_is_no_hotspot() -> None:
    told = lived(DRUGS, campaigns=(Campaign("drug_nuisance", WEEK.plus(-2), 3, 3.0),))
    assert found_acute(told.incidents) == ()


def test_detect_week__five_rows_of_one_quarrel_are_no_hotspot() -> None:
    told = lived(DRUGS).incidents
    quarrel = taken(told, np.repeat(len(told) - 1, 12))
    quarrel = dataclasses.replace(quarrel, key=quarrel.key + 1 + np.arange(12))
    assert found_acute(joined(told, quarrel)) == found_acute(told)


def test_detect_week__a_pile_up_on_one_coordinate_is_a_flagged_dot_and_never_an_area() -> None:
    told = joined(lived(DRUGS).incidents, reported([(1234.0, 2222.0)] * 10, every_h=60))
    (hotspot,) = found_acute(told)
    assert (hotspot.form, hotspot.pile_up, hotspot.evidence.largest_pile_up) == (Form.DOT, True, 10)
    assert hotspot.footprint.area == pytest.approx(np.pi * MARGIN_M**2, rel=0.02)
    assert hotspot.footprint.centroid.distance(shapely.Point(1234, 2222)) < 1


def test_detect_week__along_a_street_is_a_line() -> None:
    street = [(1000.0 + 13.0 * (i * 5 % 9), 2222.0 + i % 2) for i in range(9)]
    (hotspot,) = found_acute(joined(lived(DRUGS).incidents, reported(street, every_h=60)))
    assert (hotspot.form, hotspot.pile_up) == (Form.LINE, False)
    assert hotspot.footprint.covers(shapely.MultiPoint(street))


def test_detect_week__finds_two_at_once() -> None:
    told = lived(DRUGS, truth=(spot(incidents=14), spot(incidents=9, seed=30)))
    hotspots = found_acute(told.incidents)
    for number in (0, 1):
        mine = set(told.incidents.key[told.planted == number].tolist())
        (hotspot,) = (one for one in hotspots if len(mine & set(one.members)) >= 6)
        assert hotspot.grade is Grade.CONFIRMED
    members = [key for one in hotspots for key in one.members]
    assert len(members) == len(set(members))


def test_detect_week__a_few_metres_of_location_error_change_no_clear_verdict() -> None:
    truth = spot(incidents=14)
    told = lived(DRUGS, truth=(truth,)).incidents
    for trial in range(5):
        off_m = np.random.default_rng(trial).normal(0, 5, told.xy_m.shape)
        (hotspot,) = found_acute(dataclasses.replace(told, xy_m=told.xy_m + off_m))
        assert hotspot.grade is Grade.CONFIRMED
        assert np.hypot(*(np.array(hotspot.centroid_xy_m) - truth.xy_m)) < 60


def test_detect_week__gives_every_candidate_on_request() -> None:
    told = lived(DRUGS, truth=(spot(incidents=5, seed=4),), seed=4).incidents
    areas = town().areas
    (full,) = detect_week(told, areas, WEEK, QUICK, municipality=PLACE, every_candidate=True)
    (brief,) = detect_week(told, areas, WEEK, QUICK, municipality=PLACE)
    assert dataclasses.replace(full, rejected=()) == brief
    assert full.candidates == len(full.hotspots) + len(full.rejected)
    weak = [one for one in full.rejected if one.kind is Question.ACUTE]
    assert len(weak) > 2
    for one in weak:
        assert one.grade is Grade.NONE
        assert QUICK.alpha < one.evidence.p_value <= 1
        assert QUICK.false_share < one.evidence.q_value <= 1
        assert one.footprint.area > 0
    ids = [one.id for one in (*full.hotspots, *full.rejected)]
    assert len(set(ids)) == len(ids)


def test_detect_week__likely_hotspots_are_those_whose_accepted_share_of_false_ones_says_so() -> None:
    strict, lenient = (dataclasses.replace(QUICK, alpha=0.005, false_share=share) for share in (0.0, 0.5))
    likely = 0
    for seed in range(4):
        told = lived(DRUGS, truth=(spot(incidents=5, seed=seed),), seed=seed).incidents
        assert all(one.grade is Grade.CONFIRMED for one in found_acute(told, strict))
        for one in found_acute(told, lenient):
            is_sure = one.evidence.p_value <= 0.005
            assert one.grade is (Grade.CONFIRMED if is_sure else Grade.LIKELY)
            assert is_sure or one.evidence.q_value <= 0.5
            likely += not is_sure
    assert likely > 0


def test_detect_week__says_when_the_data_do_not_cover_the_window() -> None:
    told = lived(DRUGS).incidents
    after = detected(told, week=WEEK.plus(2))["drug_nuisance"]
    early = detected(told, week=WEEK.plus(-54))["drug_nuisance"]
    assert after.state is early.state is State.NOT_ENOUGH_DATA
    assert after.reason is not None
    assert after.reason.en == (
        "within this period the data run from 2024-W09 to 2025-W10, "
        "which leaves out some of 2025-W09 to 2025-W12"
    )
    assert early.window_weeks == 2


def test_detect_week__says_when_there_is_too_little_past() -> None:
    short = detected(lived(DRUGS).incidents, week=WEEK.plus(-50))["drug_nuisance"]
    assert short.reason is not None
    assert short.reason.en.startswith("only 2 weeks of data lie before 2024-W09")
    enough = detected(lived(DRUGS).incidents, week=WEEK.plus(-44))["drug_nuisance"]
    assert (enough.reason, enough.baseline_weeks) == (None, 8)
    assert acute(enough) == ()


def test_detect_week__says_when_there_are_too_few_incidents() -> None:
    rare = Kind("arson", (("arson", 1.0),), per_week=0.2)
    told = detected(lived(DRUGS, rare).incidents)["arson"]
    assert told.state is State.NOT_ENOUGH_DATA
    assert "one hotspot alone takes 3" in str(told.reason)


def test_detect_week__says_when_no_test_could_show_anything() -> None:
    told = lived(DRUGS).incidents
    age = WEEK.ordinal - week_ordinals(told.started_s, AMSTERDAM)
    is_new = np.asarray(age < 4, bool)
    theme = np.where(is_new, "new_drug", "drug_nuisance").astype(object)
    found = detected(dataclasses.replace(told, theme=theme))["new_drug"]
    assert found.state is State.NOT_ENOUGH_DATA
    assert "with so little past" in str(found.reason)


def test_detect_week__of_no_incidents_at_all() -> None:
    nothing = taken(lived(DRUGS).incidents, np.empty(0, np.int64))
    assert detect_week(nothing, town().areas, WEEK, QUICK, municipality=PLACE) == ()
    (found,) = detect_week(nothing, (), WEEK, QUICK, municipality=PLACE, themes=["theft"])
    assert (found.state, found.reason) == (
        State.NOT_ENOUGH_DATA,
        Label(
            nl="er zijn geen incidenten in de weken tot en met 2025-W10",
            en="there are no incidents in the weeks up to 2025-W10",
        ),
    )


def test_detect_week__refuses_month_only_dates_and_says_which_share() -> None:
    told = lived(DRUGS).incidents
    monthly = dataclasses.replace(told, precision=np.full(len(told), "month", object))
    with pytest.raises(Unsuitable, match=r"drug_nuisance: .* \(100%\) are dated to the month"):
        detected(monthly)


def test_detect_week__a_coarse_theme_does_not_stop_the_others() -> None:
    told = lived(DRUGS, THEFT).incidents
    precision = np.where(told.theme == "theft", "month", "minute").astype(object)
    found = detected(dataclasses.replace(told, precision=precision))
    assert found["theft"].state is State.NOT_ENOUGH_DATA
    assert "dated to the month only" in str(found["theft"].reason)
    assert found["drug_nuisance"].state is not State.NOT_ENOUGH_DATA


def test_detect__refuses_replicates_that_can_show_nothing() -> None:
    with pytest.raises(InvalidParameter, match="got 10"):
        detect(
            lived(DRUGS).incidents,
            town().areas,
            WEEK,
            Parameters(replicates=10),
            zone=AMSTERDAM,
            municipality="GM0000",
            theme="drug_nuisance",
            rng=np.random.default_rng(1),
        )


def test_detect_week__tries_longer_windows_when_asked() -> None:
    told = lived(DRUGS, truth=(spot(incidents=30, weeks=9),)).incidents
    found = detected(told, dataclasses.replace(QUICK, window_weeks=9, baseline_weeks=40))["drug_nuisance"]
    assert found.baseline_weeks == 40
    assert [hotspot.evidence.window_weeks > 4 for hotspot in acute(found)] == [True]


def test_detect_week__refuses_sheffield(shared_data: Path) -> None:
    (file,) = (shared_data / "sheffield").glob("*.csv.gz")
    with gzip.open(file, "rt") as lines:
        months = [line.split(",")[1] for line in lines][1:2001]
    start = np.array(
        [int(dt.datetime.fromisoformat(f"{month}-01T00:00+00:00").timestamp()) for month in months]
    )
    n = len(months)
    monthly = Incidents(
        key=np.arange(n),
        xy_m=np.zeros((n, 2)),
        started_s=start,
        ended_s=start + 30 * 86_400,
        precision=np.full(n, "month", object),
        theme=np.full(n, "antisocial", object),
        subtheme=np.full(n, "antisocial", object),
        neighbourhood=np.full(n, "1", object),
    )
    with pytest.raises(Unsuitable, match="needs incidents dated to the day"):
        detect_week(monthly, (), Week(2019, 5), QUICK, municipality=PLACE)


def test_detect_week__is_quiet_on_null_weeks() -> None:
    # Uneven places, a strong season, and a campaign in the city or a quarter; nothing is planted.
    wave = dataclasses.replace(DRUGS, season=0.6)
    shown = 0
    for trial in range(20):
        area_code = None if trial % 2 else town().areas[trial % 16].code
        campaign = Campaign("drug_nuisance", WEEK.plus(-2), 3, 2.5, area_code)
        told = lived(wave, campaigns=(campaign,), seed=1000 + trial).incidents
        hotspots = found_acute(told, Parameters(replicates=99, seed=trial))
        shown += any(one.grade is Grade.CONFIRMED for one in hotspots)
    # One is expected; more than 4 come up in one of 400 such runs.
    assert shown <= 4


def test_detect_week__finds_most_of_what_is_planted() -> None:
    found = 0
    for trial in range(12):
        told = lived(DRUGS, truth=(spot(incidents=10, seed=trial),), seed=2000 + trial)
        mine = set(told.incidents.key[told.planted == 0].tolist())
        found += any(len(mine & set(hotspot.members)) >= 5 for hotspot in found_acute(told.incidents))
    assert found >= 9


@pytest.mark.parametrize("recent", [8, 12, 20, 60])
def test_detect_week__more_at_one_place_never_turn_into_not_enough_data(recent: int) -> None:
    # Twelve thefts spread over the year and the town, then many at one spot, eight hours apart.
    past = reported([(200.0 * i, 2_500.0) for i in range(12)], theme="theft", every_h=4 * 168)
    past = dataclasses.replace(
        past, started_s=past.started_s - 2 * 604_800, ended_s=past.ended_s - 2 * 604_800
    )
    many = reported([(100.0, 100.0)] * recent, theme="theft", every_h=8)
    many = dataclasses.replace(many, key=many.key + 100)
    told = detected(joined(joined(lived(DRUGS).incidents, past), many))["theft"]
    (hotspot,) = acute(told)
    assert hotspot.evidence.observed >= min(recent, 8)
