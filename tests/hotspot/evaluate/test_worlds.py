"""Worlds with known truth."""

import numpy as np
import pytest

from hotspot.errors import InvalidParameter
from hotspot.evaluate.scenarios import ACUTE_INCIDENTS, SCENARIOS, Background, scenario
from hotspot.evaluate.towns import Shape
from hotspot.evaluate.worlds import ZONE, stream, turn, world
from hotspot.model import Kind
from hotspot.weeks import week_ordinals


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_world__is_what_its_scenario_says(name: str) -> None:
    made = world(name, 1, seed=5)
    kinds = {spot.kind for spot in made.truth}
    assert (Kind.ACUTE in kinds) == bool(SCENARIOS[name].acute)
    assert (Kind.CHRONIC in kinds) == SCENARIOS[name].chronic
    assert made.background in SCENARIOS[name].backgrounds


@pytest.mark.parametrize("name", ["null", "acute", "null_sparse", "acute_doubles_sparse"])
def test_world__has_as_many_incidents_as_its_scenario_says(name: str) -> None:
    which = SCENARIOS[name]
    for number in range(5):
        made = world(name, number, seed=6)
        km2 = sum(area.geometry.area for area in made.scene.areas) / 1e6
        assert which.per_week[0] <= made.per_week <= which.per_week[1]
        assert which.per_km2[0] * 0.9 <= made.per_week / km2 <= which.per_km2[1] * 1.1


def test_world__is_the_same_for_the_same_numbers_and_another_otherwise() -> None:
    one, same, other = world("acute", 2, seed=5), world("acute", 2, seed=5), world("acute", 2, seed=6)
    assert np.array_equal(one.scene.incidents.xy_m, same.scene.incidents.xy_m)
    assert one.truth[0].members == same.truth[0].members
    assert len(one.scene.incidents) != len(other.scene.incidents)


def test_world__calibration_is_a_set_of_its_own() -> None:
    null, calibration = world("null", 0, seed=5), world("calibration", 0, seed=5)
    assert len(null.scene.incidents) != len(calibration.scene.incidents)


def test_worlds__25_in_a_row_hold_every_pair_of_background_and_shape() -> None:
    assert len({turn(SCENARIOS["null"], number) for number in range(25)}) == 5 * len(Shape)
    assert len({turn(SCENARIOS["null_doubles"], number) for number in range(5)}) == len(Shape)


def test_world__planted_incidents_lie_in_their_disc_and_weeks() -> None:
    for number in range(3):
        made = world("acute", number, seed=9)
        week = week_ordinals(made.scene.incidents.started_s, ZONE)
        assert sorted(spot.incidents for spot in made.truth) == list(ACUTE_INCIDENTS)
        for spot in made.truth:
            of_it = np.isin(made.scene.incidents.key, spot.members)
            age = made.scene.week.ordinal - week[of_it]
            assert ((age >= 0) & (age < spot.weeks)).all()
            # Rounded to ten metres, or measured, at most.
            off_m = np.hypot(*(spot.members_m - np.array(spot.xy_m)).T)
            assert off_m.max() <= spot.radius_m + 20


def test_world__planted_hotspots_stay_apart() -> None:
    made = world("mixed", 3, seed=2)
    centres_m = np.array([spot.xy_m for spot in made.truth])
    apart_m = np.hypot(*(centres_m[:, None] - centres_m[None]).transpose(2, 0, 1))
    assert apart_m[np.triu_indices(len(centres_m), 1)].min() >= 450


def test_world__border_hotspots_lie_on_borders() -> None:
    spots = [spot for number in range(3) for spot in world("border", number, seed=2).truth]
    assert spots
    assert all(spot.on_border for spot in spots)


def test_world__nothing_is_later_than_its_week() -> None:
    made = world("mixed", 0, seed=4)
    week = week_ordinals(made.scene.incidents.started_s, ZONE)
    assert week.max() <= made.scene.week.ordinal
    assert week.min() >= made.scene.week.ordinal - 55


def test_world__a_campaign_shows() -> None:
    number = list(SCENARIOS["null"].backgrounds).index(Background.CITY_CAMPAIGN)
    made = world("null", number, seed=3)
    age = made.scene.week.ordinal - week_ordinals(made.scene.incidents.started_s, ZONE)
    weekly = np.bincount(age, minlength=56)
    assert weekly[:6].max() > 1.3 * np.median(weekly)


def test_scenario__unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidParameter, match=r"scenario must be one of .*acute.*, got 'acuut'"):
        scenario("acuut")


def test_stream__each_purpose_has_its_own() -> None:
    first, same, other = stream(1, "a", 2).random(), stream(1, "a", 2).random(), stream(1, "a", 3).random()
    assert first == same != other
