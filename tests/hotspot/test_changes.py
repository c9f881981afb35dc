import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.changes import COMPASS, Snapshot, change, compass, what_changed
from hotspot.errors import InvalidParameter
from hotspot.model import Label
from hotspot.tracking import Event

THEN = Snapshot(5, 6, 1.25, 9000.0, (100.0, 200.0), 18, 3, 4)


def now(**different: object) -> Snapshot:
    return dataclasses.replace(THEN, **different)  # type: ignore[arg-type]  # Fields of all types.


def test_change__by_hand() -> None:
    here = now(
        rank=2, observed=9, expected=2.0, area_m2=7000.0, centroid_xy_m=(100.0, 160.0), peak_start_hour=20
    )
    found = change(here, THEN, weeks_ago=4)
    assert (found.weeks_ago, found.before, found.places_up) == (4, THEN, 3)
    assert (found.observed, found.expected, found.area_m2) == (3, 0.75, -2000.0)
    assert (found.shift.distance_m, found.shift.bearing_deg, found.hours_later) == (40.0, 180.0, 2)


def test_change__where_nothing_moved_has_no_direction() -> None:
    found = change(THEN, THEN, weeks_ago=1)
    assert (found.shift.distance_m, math.isnan(found.shift.bearing_deg)) == (0.0, True)


@pytest.mark.parametrize(
    ("then", "here", "later"),
    [(23, 1, 2), (1, 23, -2), (0, 12, 12), (12, 0, 12), (0, 13, -11), (None, 3, None)],
)
def test_change__counts_hours_the_short_way_round_the_clock(
    then: int | None, here: int, later: int | None
) -> None:
    before, after = now(peak_start_hour=then), now(peak_start_hour=here)
    assert change(after, before, weeks_ago=1).hours_later == later


def test_change__needs_an_earlier_list() -> None:
    with pytest.raises(InvalidParameter, match="weeks_ago must be at least 1, got 0"):
        change(THEN, THEN, weeks_ago=0)


@pytest.mark.parametrize(("number", "word"), list(enumerate(COMPASS)))
def test_compass__names_eight_directions(number: int, word: Label) -> None:
    assert {compass(45.0 * number + off).nl for off in (-22.5, 0.0, 22.4)} == {word.nl}


@given(st.floats(0, 360, exclude_max=True))
def test_compass__is_the_same_a_full_turn_on(bearing_deg: float) -> None:
    assert compass(bearing_deg) in COMPASS
    assert compass(bearing_deg + 180) == COMPASS[(COMPASS.index(compass(bearing_deg)) + 4) % 8]


def test_compass__refuses_no_direction() -> None:
    with pytest.raises(InvalidParameter, match="bearing_deg"):
        compass(math.nan)


SENTENCES = [
    (
        now(),
        "Bleef op plaats 5; 6 incidenten, evenveel als vorige week.",
        "Stayed at place 5; 6 incidents, as many as last week.",
    ),
    (
        now(rank=2, observed=9, centroid_xy_m=(128.0, 228.0)),
        "Steeg van plaats 5 naar 2; 9 incidenten, vorige week 6; middelpunt 40 m naar het noordoosten.",
        "Rose from place 5 to 2; 9 incidents, last week 6; centre 40 m to the north-east.",
    ),
    (
        now(rank=6, observed=1, area_m2=19_040.0),
        "Daalde van plaats 5 naar 6; 1 incident, vorige week 6; het gebied is groter: 19.000 m², was 9.000.",
        "Fell from place 5 to 6; 1 incident, last week 6; the area is larger: 19,000 m², was 9,000.",
    ),
    (
        now(area_m2=6000.0, peak_start_hour=22),
        (
            "Bleef op plaats 5; 6 incidenten, evenveel als vorige week; het gebied is kleiner: 6.000 m², was "
            "9.000; drukste uren 22 tot 1 uur, vorige week 18 tot 21 uur."
        ),
        (
            "Stayed at place 5; 6 incidents, as many as last week; the area is smaller: 6,000 m², was 9,000; "
            "busiest hours 22:00 to 1:00, last week 18:00 to 21:00."
        ),
    ),
    (
        now(window_weeks=1, centroid_xy_m=(119.0, 200.0)),
        "Bleef op plaats 5; 6 incidenten in 1 week, vorige week 6 in 4 weken.",
        "Stayed at place 5; 6 incidents in 1 week, last week 6 in 4 weeks.",
    ),
]


@pytest.mark.parametrize(("here", "nl", "en"), SENTENCES)
def test_what_changed__since_last_week(here: Snapshot, nl: str, en: str) -> None:
    said = what_changed(here, THEN, event=Event.CONTINUED)
    assert (said.nl, said.en) == (nl, en)


def test_what_changed__of_one_that_is_new() -> None:
    said = what_changed(THEN, None, event=Event.NEW)
    assert (said.nl, said.en) == ("Nieuw deze week.", "New this week.")


@pytest.mark.parametrize(
    ("event", "gap_weeks", "others", "nl", "en"),
    [
        (
            Event.RETURNED,
            1,
            (),
            "Terug in de lijst na 1 week afwezigheid",
            "Back on the list after 1 week away",
        ),
        (
            Event.RETURNED,
            3,
            (),
            "Terug in de lijst na 3 weken afwezigheid",
            "Back on the list after 3 weeks away",
        ),
        (Event.SPLIT, 0, (3,), "Afgesplitst van nummer 3 van vorige week", "Split from last week's number 3"),
        (Event.SPLIT, 0, (), "Afgesplitst van een hotspot van vorige week", "Split from last week's hotspot"),
        (
            Event.MERGED,
            1,
            (9, 4, 2),
            "Samengegaan met nummer 2, 4 en 9 van vorige week",
            "Merged with last week's number 2, 4 and 9",
        ),
    ],
)
def test_what_changed__of_one_that_was_not_listed_last_week(
    event: Event, gap_weeks: int, others: tuple[int, ...], nl: str, en: str
) -> None:
    said = what_changed(THEN, None, event=event, gap_weeks=gap_weeks, others=others)
    assert said.nl == f"{nl}; nu plaats 5 met 6 incidenten."
    assert said.en == f"{en}; now place 5 with 6 incidents."


def test_what_changed__of_a_merge_says_how_it_moved_too() -> None:
    said = what_changed(now(rank=1, observed=11), THEN, event=Event.MERGED, others=[7])
    moved = "steeg van plaats 5 naar 1; 11 incidenten, vorige week 6"
    assert said.nl == f"Samengegaan met nummer 7 van vorige week; {moved}."
    assert said.en == "Merged with last week's number 7; rose from place 5 to 1; 11 incidents, last week 6."


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("others", [(), (1,), (1, 2)])
def test_what_changed__is_one_sentence_in_both_languages(event: Event, others: tuple[int, ...]) -> None:
    said = what_changed(now(rank=1), THEN, event=event, gap_weeks=2, others=others)
    for text in (said.nl, said.en):
        assert text[0].isupper()
        assert text.endswith(".")
        assert text.count(". ") == 0


def test_what_changed__refuses_what_cannot_be() -> None:
    with pytest.raises(InvalidParameter, match="continued needs last week's list"):
        what_changed(THEN, None, event=Event.CONTINUED)
    with pytest.raises(InvalidParameter, match=r"event must be new, .* got 'gone'"):
        what_changed(THEN, THEN, event="gone")
