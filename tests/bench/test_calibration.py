"""How often the detector cries wolf and what it finds, on cities with known truth: the long proofs."""

import dataclasses
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hotspot.city import City, chessboard, city
from hotspot.model import Detection, Municipality, Parameters
from hotspot.pipeline import detect_week
from hotspot.simulate import Campaign, History, Kind, Planted, history, planted
from hotspot.weeks import Week

pytestmark = pytest.mark.slow

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
BURGLARY = Kind("burglary", (("home", 1.0),), per_week=40.0)
EVENTS = (3, 5, 8, 12)


def some_city(rng: np.random.Generator) -> City:
    """A new city each time: other quarters, streets and intensities."""
    rows, columns = int(rng.integers(4, 7)), int(rng.integers(4, 7))
    return city(
        chessboard(rows, columns, side_m=800),
        weights=0.2 + rng.pareto(1.5, rows * columns),
        addresses=6000,
        rng=rng,
    )


def lived(
    where: City,
    kind: Kind,
    last: Week,
    rng: np.random.Generator,
    truth: tuple[Planted, ...] = (),
    campaigns: tuple[Campaign, ...] = (),
) -> History:
    return history(
        where,
        [kind],
        first=last.plus(-55),
        weeks=56,
        truth=truth,
        campaigns=campaigns,
        zone=AMSTERDAM,
        rng=rng,
    )


def detected(told: History, where: City, last: Week, seed: int) -> Detection:
    parameters = Parameters(replicates=199, seed=seed)
    (found,) = detect_week(
        told.incidents, where.areas, last, parameters, municipality=Municipality("GM0000", "Chessboard")
    )
    return found


def false_weeks(kind: Kind, *, campaign: str, weeks: int = 200) -> int:
    """Weeks with any hotspot where nothing was planted."""
    shown = 0
    for trial in range(weeks):
        rng = np.random.default_rng([41, trial])
        where, last = some_city(rng), Week(2024, 20).plus(trial)
        quarter = where.areas[trial % len(where.areas)].code if campaign == "quarter" else None
        factor = 1.0 if campaign == "none" else 2.5
        rise = Campaign(kind.theme, last.plus(-2), 3, factor, quarter)
        told = lived(where, kind, last, rng, campaigns=(rise,))
        shown += bool(detected(told, where, last, trial).hotspots)
    print(f"{kind}, campaign {campaign}: {shown} of {weeks} weeks")  # noqa: T201 - its purpose.
    return shown


# 10 of 200 are expected at 5 %; more than 18 come up in one of 150 such runs.
@pytest.mark.parametrize("campaign", ["none", "city", "quarter"])
@pytest.mark.parametrize("per_week", [10.0, 60.0])
def test_null_weeks__show_a_hotspot_at_most_as_often_as_alpha(campaign: str, per_week: float) -> None:
    kind = dataclasses.replace(BURGLARY, per_week=per_week, season=0.5)
    assert false_weeks(kind, campaign=campaign) <= 18


def test_null_weeks__places_that_drift_slowly_do_little_harm() -> None:
    assert false_weeks(dataclasses.replace(BURGLARY, drift=0.5), campaign="none") <= 22


def test_null_weeks__near_repeats_break_the_level() -> None:
    # A limit that docs/detection.md states; this fails when a better detector may move it.
    shown = false_weeks(dataclasses.replace(BURGLARY, repeat_share=0.1), campaign="none")
    assert 10 < shown <= 60


def test_planted_hotspots__are_found_where_they_are() -> None:
    cities = 60
    found, errors_m, false = np.zeros(len(EVENTS)), [], 0
    for trial in range(cities):
        rng = np.random.default_rng([42, trial])
        where, last = some_city(rng), Week(2024, 20).plus(trial)
        truth = tuple(
            planted(
                where,
                "burglary",
                radius_m=float(rng.uniform(40, 150)),
                incidents=events,
                first=last.plus(1 - weeks),
                weeks=weeks,
                on_border=bool(rng.random() < 0.25),
                rng=rng,
            )
            for events, weeks in zip(EVENTS, rng.integers(1, 5, 4).tolist(), strict=True)
        )
        told = lived(where, BURGLARY, last, rng, truth)
        claimed = set()
        for hotspot in detected(told, where, last, trial).hotspots:
            members = told.planted[np.isin(told.incidents.key, hotspot.members)]
            index = int(np.bincount(members[members >= 0], minlength=1).argmax())
            if np.count_nonzero(members == index) >= max(2, 0.3 * EVENTS[index]):
                claimed.add(index)
                errors_m.append(np.hypot(*(np.array(hotspot.centroid_xy_m) - truth[index].xy_m)))
            else:
                false += 1
        found[list(claimed)] += 1
    recall = found / cities
    print(  # noqa: T201 - its purpose.
        f"recall {dict(zip(EVENTS, recall.round(2).tolist(), strict=True))}, mean {recall.mean():.2f}, "
        f"false {false / cities:.2f} a week, median centroid error {np.median(errors_m):.0f} m"
    )
    assert recall.mean() >= 0.5
    assert recall[-1] >= 0.75
    assert false / cities <= 0.15
    assert np.median(errors_m) <= 40
