import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.model import Label
from hotspot.rings import Place, surroundings
from hotspot.shifts import Events, Kind, Shifts, shifts

SIDE_M = 1000.0
BOXES = [shapely.box(x * SIDE_M, 0, (x + 1) * SIDE_M, SIDE_M) for x in range(6)]
PLACES = [Place(f"BU{number}", f"Buurt {number}") for number in range(6)]
THEMES = [Label("Straathandel", "Street dealing"), Label("Diefstal", "Theft")]
SUBTHEMES = [Label("Hennep", "Cannabis"), Label("Cocaïne", "Cocaine"), Label("Fiets", "Bicycle")]
WEEKS = 60
WEEK = 2800


def lived(*, seed: int = 1, mean: float = 5.0) -> tuple[Events, NDArray[np.float64]]:
    """Events of the first theme in six neighbourhoods; nothing moves."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(mean, (6, WEEKS))
    quarter, week = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    xy_m = rng.uniform(0.0, SIDE_M, (quarter.size, 2))
    xy_m[:, 0] += quarter * SIDE_M
    events = Events(
        theme=np.zeros_like(quarter),
        subtheme=rng.choice(2, quarter.size),
        week=week + WEEK - WEEKS + 1,
        hour=rng.choice(24, quarter.size),
    )
    return events, xy_m


def found(
    events: Events,
    xy_m: NDArray[np.float64],
    *,
    places: list[Place] = PLACES,
    first_week: int = WEEK - WEEKS + 1,
) -> Shifts:
    return shifts(
        events,
        places,
        surroundings(xy_m, BOXES[: len(places)]),
        week=WEEK,
        first_week=first_week,
        themes=THEMES,
        subthemes=SUBTHEMES,
    )


def recently(events: Events, xy_m: NDArray[np.float64], quarter: int) -> NDArray[np.intp]:
    last = events.week > WEEK - 4
    return np.flatnonzero(last & (xy_m[:, 0] // SIDE_M == quarter))


def test_shifts__are_none_where_nothing_moves() -> None:
    result = found(*lived())
    assert result.rows == ()
    assert result.tests > 10


def test_shifts__tell_what_went_to_the_ring() -> None:
    events, xy_m = lived()
    xy_m[recently(events, xy_m, 2), 0] = 2 * SIDE_M - 100.0
    row = found(events, xy_m).rows[0]
    assert (row.kind, row.theme, row.place, row.away_from, row.to) == (
        Kind.PLACE,
        0,
        "BU2",
        "BU2",
        "ring_250",
    )
    assert row.fall > 10
    assert row.rise > 10
    assert row.net is not None
    assert row.net.lower < 0 < row.net.upper
    assert row.p_value <= row.q_value <= 0.1
    assert row.said.nl.startswith("Minder straathandel in Buurt 2 (0 in vier weken, ")
    assert " verwacht), meer in de ring van 250 m eromheen (" in row.said.nl
    assert row.said.en.startswith("Less street dealing in Buurt 2 (0 in four weeks, ")
    assert "," in row.said.nl.split("weken, ")[1].split(" ")[0]


def test_shifts__tell_what_went_farther() -> None:
    events, xy_m = lived()
    xy_m[recently(events, xy_m, 2), 0] = 2 * SIDE_M - 400.0
    rows = [row for row in found(events, xy_m).rows if row.place == "BU2"]
    assert [row.to for row in rows] == ["ring_500"]
    assert "meer op 250 tot 500 m afstand (" in rows[0].said.nl
    assert "more at 250 to 500 m from it (" in rows[0].said.en


def test_shifts__tell_what_went_to_another_part_of_the_day() -> None:
    events, xy_m = lived()
    rng = np.random.default_rng(3)
    events.hour[:] = np.where(rng.uniform(size=events.hour.size) < 0.8, 20, 10)
    events.hour[recently(events, xy_m, 4)] = 3
    row = next(row for row in found(events, xy_m).rows if row.kind is Kind.HOUR)
    assert (row.place, row.away_from, row.to) == ("BU4", "evening", "night")
    assert row.said.nl == "Minder straathandel in Buurt 4 's avonds (18-24 uur), meer 's nachts (0-6 uur)."
    assert row.said.en == "Less street dealing in Buurt 4 in the evening (18-24 h), more at night (0-6 h)."
    assert row.fall > 0
    assert row.rise > 0
    assert row.net is None


def test_shifts__tell_what_became_another_subtheme() -> None:
    events, xy_m = lived()
    events.subtheme[:] = np.where(np.random.default_rng(3).uniform(size=events.hour.size) < 0.85, 0, 1)
    events.subtheme[recently(events, xy_m, 4)] = 1
    row = next(row for row in found(events, xy_m).rows if row.kind is Kind.SUBTHEME)
    assert (row.place, row.away_from, row.to) == ("BU4", "0", "1")
    assert row.said.nl == "Straathandel in Buurt 4: minder hennep, meer cocaïne."
    assert row.said.en == "Street dealing in Buurt 4: less cannabis, more cocaine."


def test_shifts__do_not_ask_a_listed_place_about_its_mix() -> None:
    events, xy_m = lived()
    events.hour[:] = 20
    events.hour[recently(events, xy_m, 4)] = 3
    listed = [Place(place.id, place.name, was_listed=True) for place in PLACES]
    assert found(events, xy_m, places=listed).rows == ()
    assert found(events, xy_m).rows != ()


def test_shifts__ask_a_place_about_its_own_theme_only() -> None:
    events, xy_m = lived()
    other = [Place(place.id, place.name, theme=1) for place in PLACES]
    assert found(events, xy_m, places=other).tests == 0


def test_shifts__leave_out_hours_that_nobody_knows() -> None:
    events, xy_m = lived()
    events.hour[:] = -1
    events.subtheme[:] = 0
    assert {row.kind for row in found(events, xy_m).rows} <= {Kind.PLACE}


@pytest.mark.parametrize(("weeks", "asks"), [(19, False), (20, True), (36, True)])
def test_shifts__need_some_past(weeks: int, asks: bool) -> None:  # noqa: FBT001
    assert (found(*lived(), first_week=WEEK - weeks + 1).tests > 0) is asks


def test_shifts__do_not_look_at_later_weeks() -> None:
    events, xy_m = lived()
    later = np.full(events.week.size, WEEK + 1)
    more = Events(
        theme=np.tile(events.theme, 2),
        subtheme=np.tile(events.subtheme, 2),
        week=np.concatenate([events.week, later]),
        hour=np.tile(events.hour, 2),
    )
    assert found(more, np.concatenate([xy_m, xy_m])) == found(events, xy_m)


def test_shifts__do_not_care_in_which_order_events_come() -> None:
    events, xy_m = lived()
    xy_m[recently(events, xy_m, 2), 0] = 2 * SIDE_M - 100.0
    order = np.random.default_rng(0).permutation(len(xy_m))
    shuffled = Events(events.theme[order], events.subtheme[order], events.week[order], events.hour[order])
    assert found(shuffled, xy_m[order]) == found(events, xy_m)


def test_shifts__do_not_care_in_which_order_places_come() -> None:
    events, xy_m = lived()
    xy_m[recently(events, xy_m, 2), 0] = 2 * SIDE_M - 100.0
    order = [3, 5, 0, 2, 1, 4]
    shuffled = shifts(
        events,
        [PLACES[number] for number in order],
        surroundings(xy_m, [BOXES[number] for number in order]),
        week=WEEK,
        first_week=WEEK - WEEKS + 1,
        themes=THEMES,
        subthemes=SUBTHEMES,
    )
    assert shuffled == found(events, xy_m)


def test_shifts__refuse_a_past_that_has_not_begun() -> None:
    with pytest.raises(InvalidParameter, match="first_week must not lie after"):
        found(*lived(), first_week=WEEK + 1)
