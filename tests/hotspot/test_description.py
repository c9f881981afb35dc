"""What a candidate is called, looks like and rests on."""

import math

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from hotspot.cluster.footprint import MARGIN_M
from hotspot.description import Finding, Naming, described, grade
from hotspot.model import Form, Grade, Hotspot, Incidents, Kind, Parameters
from hotspot.sample import Sample
from hotspot.weeks import Week

PARAMETERS = Parameters(alpha=0.05, false_share=0.1)
NAMING = Naming("GM0001", "theft", Week(2025, 10))
NAMES = {"B1": "North", "B2": "South"}


def sample_of(
    xy_m: list[tuple[float, float]],
    *,
    ages: list[int] | None = None,
    is_event: list[bool] | None = None,
    codes: list[str] | None = None,
) -> Sample:
    n = len(xy_m)
    at_m = np.array(xy_m, float)
    places_m, place = np.unique(np.round(at_m), axis=0, return_inverse=True)
    incidents = Incidents(
        key=np.arange(100, 100 + n),
        xy_m=at_m,
        started_s=np.zeros(n, np.int64),
        ended_s=np.zeros(n, np.int64),
        precision=np.full(n, "minute", object),
        theme=np.full(n, "theft", object),
        subtheme=np.array(["bicycle" if i % 3 else "shop" for i in range(n)], object),
        neighbourhood=np.array(["B1"] * n if codes is None else codes, object),
    )
    return Sample(
        incidents,
        np.array([0] * n if ages is None else ages, np.int64),
        place.reshape(-1).astype(np.int64),
        np.array([True] * n if is_event is None else is_event),
        places_m,
    )


def finding_of(
    places: NDArray[np.int64] | None = None,
    *,
    kind: Kind = Kind.ACUTE,
    window_weeks: int = 2,
    observed: int = 3,
    p_value: float = 0.01,
    q_value: float = 0.02,
) -> Finding:
    chosen = np.zeros(1, np.int64) if places is None else places
    return Finding(kind, chosen, window_weeks, observed, 1.5, 7, p_value, q_value)


def hotspot_of(sample: Sample, *, places: NDArray[np.int64] | None = None) -> Hotspot:
    chosen = np.arange(len(sample.places_m)) if places is None else places
    counted = np.isin(sample.place, chosen) & sample.is_event & (sample.age_weeks < 2)
    finding = finding_of(chosen, observed=int(counted.sum()))
    return described(finding, sample, NAMES, NAMING, PARAMETERS)


@pytest.mark.parametrize(
    ("kind", "p_value", "q_value", "expected"),
    [
        (Kind.ACUTE, 0.05, 0.9, Grade.CONFIRMED),
        (Kind.ACUTE, 0.051, 0.1, Grade.LIKELY),
        (Kind.ACUTE, 0.051, 0.101, Grade.NONE),
        (Kind.ACUTE, 0.3, 0.1, Grade.LIKELY),
        (Kind.CHRONIC, 0.05, 0.05, Grade.CONFIRMED),
        (Kind.CHRONIC, 0.1, 0.1, Grade.LIKELY),
        (Kind.CHRONIC, 0.3, 0.1, Grade.NONE),
    ],
)
def test_grade__of_values_at_their_bounds(
    kind: Kind, p_value: float, q_value: float, expected: Grade
) -> None:
    assert grade(finding_of(kind=kind, p_value=p_value, q_value=q_value), PARAMETERS) is expected


def test_grade__without_an_accepted_share_of_false_ones_is_never_likely() -> None:
    assert grade(finding_of(p_value=0.2, q_value=0.001), Parameters(false_share=0.0)) is Grade.NONE


def test_described__a_pile_up_on_one_coordinate_is_a_flagged_dot_drawn_as_a_disc() -> None:
    hotspot = hotspot_of(sample_of([(100.0, 200.0)] * 8 + [(180.0, 200.0)] * 2))
    assert (hotspot.form, hotspot.pile_up) == (Form.DOT, True)
    assert hotspot.footprint.area == pytest.approx(math.pi * MARGIN_M**2, rel=0.02)
    assert hotspot.footprint.centroid.distance(shapely.Point(100, 200)) < 1
    assert (hotspot.evidence.largest_pile_up, hotspot.evidence.places) == (8, 2)


def test_described__half_at_one_coordinate_is_no_pile_up() -> None:
    hotspot = hotspot_of(sample_of([(100.0, 200.0)] * 4 + [(150.0, 200.0 + 9 * i) for i in range(4)]))
    assert not hotspot.pile_up


def test_described__half_at_one_address_is_drawn_around_the_other_half_too() -> None:
    places = [(100.0, 200.0)] * 3 + [(190.0, 200.0), (100.0, 290.0), (190.0, 290.0)]
    hotspot = hotspot_of(sample_of(places))
    assert hotspot.footprint.covers(shapely.MultiPoint(places))
    assert hotspot.footprint.area > 2 * math.pi * MARGIN_M**2


def test_described__along_a_street_is_a_line() -> None:
    street = [(25.0 * i, 3.0 * (i % 2)) for i in range(10)]
    hotspot = hotspot_of(sample_of(street))
    assert (hotspot.form, hotspot.pile_up) == (Form.LINE, False)
    assert hotspot.footprint.covers(shapely.MultiPoint(street))


def test_described__around_a_square_is_an_area_that_covers_its_members() -> None:
    square = [(0.0, 0.0), (80.0, 0.0), (80.0, 80.0), (0.0, 80.0), (40.0, 40.0), (40.0, 0.0)]
    hotspot = hotspot_of(sample_of(square))
    assert hotspot.form is Form.AREA
    assert hotspot.footprint.covers(shapely.MultiPoint(square))
    assert hotspot.centroid_xy_m == (40.0, 33.33)


def test_described__says_what_it_rests_on() -> None:
    xy_m = [(0.0, 0.0), (50.0, 0.0), (0.0, 50.0), (0.0, 0.0), (50.0, 0.0), (900.0, 0.0)]
    sample = sample_of(
        xy_m,
        ages=[0, 1, 0, 0, 2, 0],
        is_event=[True, True, True, False, True, True],
        codes=["B2", "B1", "B2", "B2", "B1", "B1"],
    )
    hotspot = hotspot_of(sample, places=np.array([0, 1, 2]))
    # The fourth repeats the first, the fifth is too old, and the last lies elsewhere.
    assert hotspot.members == (100, 101, 102, 103)
    assert [(one.code, one.name) for one in hotspot.neighbourhoods] == [("B2", "South"), ("B1", "North")]
    assert [one.share for one in hotspot.neighbourhoods] == pytest.approx([2 / 3, 1 / 3])
    assert hotspot.subthemes == (("bicycle", 2), ("shop", 1))
    evidence = hotspot.evidence
    # Half an event is put on either side, so that few events do not make a huge ratio.
    assert (evidence.observed, evidence.expected, evidence.relative_risk) == (3, 1.5, 3.5 / 2.0)
    assert evidence.log_likelihood_ratio == pytest.approx(3 * math.log(2) - 1.5)
    assert (evidence.baseline, evidence.window_weeks, evidence.largest_pile_up) == (7, 2, 1)
    assert (evidence.p_value, evidence.q_value, evidence.recurrence_weeks) == (0.01, 0.02, 100.0)
    assert (hotspot.theme, hotspot.week, hotspot.kind) == ("theft", Week(2025, 10), Kind.ACUTE)


def test_described__fewer_than_expected_is_no_evidence() -> None:
    assert hotspot_of(sample_of([(0.0, 0.0)])).evidence.log_likelihood_ratio == 0.0


def test_described__an_area_without_a_known_name_goes_by_its_code() -> None:
    hotspot = hotspot_of(sample_of([(0.0, 0.0)] * 3, codes=["B9"] * 3))
    assert hotspot.neighbourhoods[0].name == "B9"


def test_naming__differs_by_kind_and_place_and_not_by_the_last_digits() -> None:
    here, there, nearly = (1.0, 2.0), (1.0, 3.0), (1.0 + 1e-9, 2.0)
    names = {
        NAMING.id_at(kind, centroid_xy_m)
        for kind in (Kind.ACUTE, Kind.CHRONIC)
        for centroid_xy_m in (here, there, nearly)
    }
    assert len(names) == 4
    assert all(name.startswith("hs-") and len(name) == 15 for name in names)
