import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.expectation import ROOT, expectation
from hotspot.model import Area, Label, Level
from hotspot.rises import Alarms, alarms, ratios
from hotspot.stats.fdr import benjamini_hochberg

SHAPE = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
CITY = Area(Level.MUNICIPALITY, "GM0935", "Maastricht", None, SHAPE)
AREAS = (
    CITY,
    *(Area(Level.NEIGHBOURHOOD, f"BU{number}", f"Buurt {number}", "GM0935", SHAPE) for number in range(8)),
)
THEMES = ("theft", "drugs")
LABELS = {"theft": Label("Diefstal", "Theft"), "drugs": Label("Straathandel", "Street dealing")}


def lived(*, weeks: int = 60, mean: float = 6.0, seed: int = 3) -> NDArray[np.int64]:
    """Two themes in a city and eight neighbourhoods; the last week is as usual."""
    counts = np.random.default_rng(seed).poisson(mean, (2, 8, weeks))
    counts[:, :, -1] = round(mean)
    return with_city(counts)


def with_city(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)


def judged(counts: NDArray[np.int64], **options: float) -> Alarms:
    return alarms(counts, THEMES, AREAS, labels=LABELS, **options)


def test_alarms__find_the_one_area_that_rose() -> None:
    counts = lived()[:, 1:]
    counts[1, 4, -1] = 30
    found = judged(with_city(counts))
    assert ("drugs", "BU4") in {(row.theme, row.area) for row in found.alarms}
    assert {row.theme for row in found.alarms} == {"drugs"}
    first = found.rows[0]
    assert (first.area, first.observed, first.level) == ("BU4", 30, Level.NEIGHBOURHOOD)
    assert first.expected == pytest.approx(6.0, rel=0.2)
    assert first.ratio == pytest.approx(30 / first.expected)
    assert first.ratio_lower < first.ratio < first.ratio_upper
    assert first.ratio_lower > 2
    assert first.beyond_city
    assert first.ears == "c1"
    assert first.cusum


def test_alarms__say_what_rose_in_both_languages() -> None:
    counts = lived()[:, 1:]
    counts[1, 4, -1] = 30
    row = judged(with_city(counts)).rows[0]
    dutch = f"{row.expected:.1f}".replace(".", ",")
    assert row.said.nl.startswith(f"Meer straathandel in Buurt 4: 30 deze week, {dutch} verwacht.")
    assert row.said.en.startswith(
        f"More street dealing in Buurt 4: 30 this week, {row.expected:.1f} expected."
    )


def test_alarms__of_a_usual_week_are_none() -> None:
    found = judged(lived())
    assert found.alarms == ()
    assert (found.threshold, found.expected_false) == (0.0, 0.0)
    assert found.tests == 18
    assert found.said.nl.startswith(
        "Geen alarm bij 18 toetsen. Van alle alarmen is naar verwachting hooguit 10"
    )
    assert all(row.said.nl.startswith("Geen alarm voor") for row in found.rows)


def test_alarms__adjust_all_areas_and_themes_together() -> None:
    found = judged(lived(seed=8))
    p_value = np.array([row.p_value for row in found.rows])
    assert [row.q_value for row in found.rows] == benjamini_hochberg(p_value).tolist()
    assert (np.diff(p_value) >= 0).all()


def test_alarms__state_how_many_of_them_are_false() -> None:
    counts = lived()[:, 1:]
    counts[1, [2, 4], -1] = 18
    found = judged(with_city(counts))
    made = found.alarms
    assert made
    assert found.threshold == max(row.p_value for row in made)
    assert found.expected_false == found.threshold * found.tests <= found.q * len(made)
    assert f"{len(made)} alarm" in found.said.en


def test_alarms__tell_a_rise_of_the_whole_city_from_one_beyond_it() -> None:
    counts = lived(mean=20.0)[:, 1:]
    counts[1, :, -1] = 50
    counts[1, 4, -1] = 140
    rows = {row.area: row for row in judged(with_city(counts)).rows if row.theme == "drugs"}
    assert rows["GM0935"].is_alarm
    assert rows["GM0935"].said.nl.startswith("Meer straathandel in heel Maastricht:")
    assert rows["GM0935"].beyond_city is None
    assert rows["BU4"].beyond_city
    assert rows["BU4"].said.nl.endswith("De hele gemeente stijgt, maar hier is de stijging groter.")
    assert rows["BU5"].is_alarm
    assert not rows["BU5"].beyond_city
    assert rows["BU5"].said.en.endswith("here the rise is not clearly larger.")


def test_alarms__test_nothing_with_too_few_weeks() -> None:
    found = judged(lived(weeks=8))
    assert (found.tests, found.rows, found.untested) == (0, (), ("drugs", "theft"))
    assert found.said.nl == "Niet getoetst: daarvoor zijn 8 eerdere weken en 10 incidenten nodig."


def test_alarms__leave_out_a_theme_with_hardly_any_past() -> None:
    counts = lived()[:, 1:]
    counts[0, :, :-1] = 0
    found = judged(with_city(counts))
    assert found.untested == ("theft",)
    assert found.tests == 9


def test_alarms__of_small_numbers_say_so_plainly() -> None:
    counts = np.zeros((2, 8, 60), int)
    counts[:, 0, ::4] = 1
    row = next(row for row in judged(with_city(counts)).rows if row.area == "BU7")
    assert "minder dan 0,1 verwacht" in row.said.nl
    assert row.ratio_lower == 0.0


@settings(max_examples=10)
@given(order=st.permutations(range(9)), themes=st.permutations(range(2)))
def test_alarms__do_not_care_in_which_order_things_come(order: list[int], themes: list[int]) -> None:
    counts = lived(weeks=20)
    shuffled = alarms(
        counts[themes][:, order],
        [THEMES[number] for number in themes],
        [AREAS[number] for number in order],
        labels=LABELS,
    )
    assert shuffled == judged(counts)


def test_alarms__keep_the_capitals_of_an_abbreviation() -> None:
    found = alarms(lived(), THEMES, AREAS, labels={"theft": Label("WOZ-fraude", "WOZ fraud")})
    assert any("WOZ-fraude" in row.said.nl for row in found.rows)
    assert any("drugs" in row.said.nl for row in found.rows)


@pytest.mark.parametrize("areas", [AREAS[1:], (*AREAS, dataclasses.replace(CITY, code="GM2"))])
def test_alarms__need_one_municipality(areas: tuple[Area, ...]) -> None:
    with pytest.raises(InvalidParameter, match="one municipality"):
        alarms(np.ones((2, len(areas), 20), int), THEMES, areas, labels={})


def test_alarms__refuse_counts_of_another_shape() -> None:
    with pytest.raises(InvalidParameter, match="2 themes by 9 areas"):
        judged(np.ones((3, 9, 20), int))
    with pytest.raises(InvalidParameter, match="q must lie between"):
        judged(lived(), q=0.0)


def test_ratios__with_a_long_past_are_those_of_a_known_mean() -> None:
    past = expectation(np.full((1, 104), 50), within=[ROOT])
    known = dataclasses.replace(past, expected=np.array([4.0]), events=np.array([1e7]))
    found = ratios(np.array([10.0]), known)
    # Garwood's interval of 10 is 4.7954 to 18.3904.
    assert (found.risk[0], found.lower[0], found.upper[0]) == pytest.approx(
        (2.5, 4.7954 / 4, 18.3904 / 4), rel=1e-3
    )


def test_ratios__are_less_sure_with_a_short_past() -> None:
    past = expectation(np.full((1, 104), 50), within=[ROOT])
    vague = dataclasses.replace(past, expected=np.array([4.0]), events=np.array([5.0]))
    found = ratios(np.array([10.0]), vague)
    assert found.lower[0] < 4.7954 / 4
    assert found.upper[0] > 18.3904 / 4
