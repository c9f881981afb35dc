"""The baselines: each finds what it is made for, and all keep the contract of a detector."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hotspot.cluster.footprint import MARGIN_M
from hotspot.evaluate.baselines import BASELINES
from hotspot.evaluate.claims import Method, Scene
from hotspot.evaluate.cylinders import cylinders
from hotspot.evaluate.views import View, view
from hotspot.evaluate.worlds import ZONE, stream, world
from hotspot.model import Grade, Incidents, Kind
from hotspot.sample import taken
from hotspot.weeks import Week

WEEK = Week.parse("2021-W30")
SPOT_M = (1000.0, 1000.0)
RNG = np.random.default_rng(0)


def scene_of(xy_m: np.ndarray, age_weeks: np.ndarray) -> Scene:
    """A scene without neighbourhoods."""
    n = len(xy_m)
    last_s = int(WEEK.bounds(ZONE)[0].timestamp()) + 3 * 86_400
    started_s = last_s - age_weeks.astype(np.int64) * 604_800
    names = np.full(n, "burglary", object)
    incidents = Incidents(
        np.arange(1, n + 1), xy_m, started_s, started_s, np.full(n, "minute", object), names, names, names
    )
    return Scene(incidents, (), WEEK, ZONE, "burglary")


def town(*, extra: int) -> Scene:
    """Even incidents on 3 by 3 km for 56 weeks, and some more within 40 m of one place in the window."""
    rng = np.random.default_rng(7)
    even_m = rng.uniform(0, 3000, (56 * 30, 2))
    more_m = np.array(SPOT_M) + rng.uniform(-28, 28, (extra, 2))
    ages = np.concatenate([np.repeat(np.arange(56), 30), rng.integers(0, 4, extra)])
    return scene_of(np.vstack([even_m, more_m]), ages)


@pytest.mark.parametrize("method", BASELINES, ids=lambda method: method.name)
def test_baselines__find_a_clear_hotspot_in_an_even_town(method: Method) -> None:
    claims = method.find(town(extra=30), RNG)
    first = next(claim for claim in claims if claim.kind is Kind.ACUTE)
    assert math.dist(first.centroid_xy_m, SPOT_M) < 50
    assert {*first.members} >= {*range(56 * 30 + 1, 56 * 30 + 31)} or len(first.members) >= 15


@pytest.mark.parametrize("method", BASELINES, ids=lambda method: method.name)
def test_baselines__keep_the_contract_of_a_detector(method: Method) -> None:
    scene = world("mixed", 1, seed=5).scene
    claims = method.find(scene, RNG)
    recent = {*view(scene).key[view(scene).is_recent].tolist()}
    assert claims
    assert {claim.kind for claim in claims} == method.kinds
    for kind in method.kinds:
        of_kind = [claim for claim in claims if claim.kind is kind]
        members = [key for claim in of_kind for key in claim.members]
        assert len(members) == len({*members})
        assert kind is Kind.CHRONIC or {*members} <= recent
        assert [claim.score for claim in of_kind] == sorted((c.score for c in of_kind), reverse=True)
    for claim in claims:
        assert claim.grade is Grade.NONE
        assert claim.footprint.geom_type == "Polygon"
        assert claim.footprint.is_valid
        assert claim.footprint.area > 0
        assert math.isfinite(claim.score)


@pytest.mark.parametrize("method", BASELINES, ids=lambda method: method.name)
def test_baselines__do_not_care_about_the_order_of_the_rows_or_about_chance(method: Method) -> None:
    scene = town(extra=8)
    order = np.random.default_rng(3).permutation(len(scene.incidents))
    other = replace(scene, incidents=taken(scene.incidents, order))
    here, there = method.find(scene, RNG), method.find(other, np.random.default_rng(9))
    if method.name != "hdbscan":  # Its tree breaks ties between equal distances by the order of the rows.
        assert [claim.members for claim in here] == [claim.members for claim in there]
    assert here[0].score == pytest.approx(there[0].score)


@pytest.mark.parametrize("method", BASELINES, ids=lambda method: method.name)
def test_baselines__say_nothing_about_next_to_nothing(method: Method) -> None:
    nothing = scene_of(np.empty((0, 2)), np.empty(0, np.int64))
    one = scene_of(np.array([[5.0, 5.0]]), np.array([0]))
    past = scene_of(np.array([[5.0, 5.0], [900.0, 5.0]]), np.array([30, 40]))
    for scene in (nothing, one, past):
        assert [claim for claim in method.find(scene, RNG) if claim.kind is Kind.ACUTE] == []


def test_cylinders__are_those_that_trying_all_finds() -> None:
    rng = np.random.default_rng(2)
    xy_m = np.round(rng.uniform(0, 900, (120, 2)), -1)
    ages = rng.integers(0, 12, 120)
    seen = View(xy_m, np.arange(120), ages)
    best = 0.0
    for centre in xy_m[ages < 4]:
        away_m = np.hypot(*(xy_m - centre).T)
        for radius_m in np.unique(away_m[away_m <= 200]):
            inside = away_m <= radius_m
            for weeks in range(1, 5):
                observed = np.count_nonzero(inside & (ages < weeks))
                expected = np.count_nonzero(inside) * np.count_nonzero(ages < weeks) / 120
                if observed > max(expected, 1):
                    ratio = observed * np.log(observed / expected)
                    ratio += (120 - observed) * np.log((120 - observed) / (120 - expected))
                    best = max(best, ratio)
    first = cylinders(seen, within_m=200.0)[0]
    assert first.score + np.log(np.count_nonzero(ages < 4)) == pytest.approx(best)


def test_cylinders__by_hand() -> None:
    # Two of the window's three at one place without a past, of 9 in all: E = 2 * 3 / 9.
    xy_m = np.array([[0.0, 0.0]] * 2 + [[5000.0, 0.0]] * 7)
    seen = View(xy_m, np.arange(9), np.array([0, 0, 0, 9, 9, 9, 9, 9, 9]))
    (only,) = cylinders(seen, within_m=200.0)
    assert only.score == pytest.approx(2 * np.log(3) + 7 * np.log(7 / (9 - 2 / 3)) - np.log(3))
    assert only.members == (0, 1)
    # The disc of a single address is as wide as any footprint of one.
    assert only.footprint.bounds == pytest.approx((-MARGIN_M, -MARGIN_M, MARGIN_M, MARGIN_M))


def test_baselines__forgive_a_campaign_in_the_whole_city() -> None:
    rng = np.random.default_rng(5)
    ages = np.concatenate([np.repeat(np.arange(56), 20), np.repeat(np.arange(4), 40)])
    scene = scene_of(rng.uniform(0, 3000, (ages.size, 2)), ages)
    plain = scene_of(rng.uniform(0, 3000, (56 * 20, 2)), np.repeat(np.arange(56), 20))
    for method in BASELINES:
        if method.name in {"poisson", "cusum", "permutation_scan"}:
            top, usual = (method.find(one, stream(1, "x"))[0].score for one in (scene, plain))
            assert top < 2.0 * usual + 2.5, method.name
