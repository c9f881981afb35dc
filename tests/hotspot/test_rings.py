import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from hotspot.rings import FALL, Place, Surroundings, ring_tests, steps_of, surroundings, zone_counts
from hotspot.stats.effect import BeforeAfter, displacement_difference

SQUARE = shapely.box(0, 0, 100, 100)


def town(*, steps: int = 20, seed: int = 2) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Six places with two rings each, and a city that holds them and more; the last step is as usual."""
    counts = np.random.default_rng(seed).poisson(20.0, (6, 3, steps))
    counts[:, :, -1] = 20
    return counts, np.full(steps, 600)


def unlisted(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.zeros(len(counts), bool)


def test_surroundings__sort_events_into_place_and_rings() -> None:
    xy_m = np.array([[50.0, 50.0], [100.0, 0.0], [349.0, 50.0], [350.5, 50.0], [599.0, 50.0], [601.0, 50.0]])
    near = surroundings(xy_m, [SQUARE])
    assert near.event.tolist() == [0, 1, 2, 3, 4]
    assert near.zone.tolist() == [0, 0, 1, 2, 2]


def test_surroundings__of_two_places_may_share_an_event() -> None:
    xy_m = np.array([[50.0, 50.0]])
    near = surroundings(xy_m, [SQUARE, shapely.box(200, 0, 300, 100)])
    assert list(zip(near.place, near.event, near.zone, strict=True)) == [(0, 0, 0), (1, 0, 1)]


def test_surroundings__of_no_places_are_empty() -> None:
    assert surroundings(np.zeros((3, 2)), []).event.size == 0


def test_surroundings__of_a_second_list_are_numbered_on() -> None:
    xy_m = np.array([[50.0, 50.0], [400.0, 50.0]])
    other = shapely.box(390, 0, 410, 100)
    apart = surroundings(xy_m, [SQUARE]).and_those_of(surroundings(xy_m, [other]), places=1)
    together = surroundings(xy_m, [SQUARE, other])
    assert apart.place.tolist() == together.place.tolist()
    assert apart.zone.tolist() == together.zone.tolist()


def test_zone_counts__count_by_theme_place_zone_and_step() -> None:
    near = Surroundings(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]), np.array([0, 1, 0, 2]))
    counts = zone_counts(near, np.array([0, 1, 1]), np.array([2, 0, -1]), themes=2, places=2, steps=3)
    assert counts.shape == (2, 2, 3, 3)
    assert counts[0, 0, 0].tolist() == [0, 0, 1]
    assert counts[1, 0, 1].tolist() == [1, 0, 0]
    assert counts[1, 1, 0].tolist() == [1, 0, 0]
    # The third event lies before all steps.
    assert counts.sum() == 3


@pytest.mark.parametrize(("weeks", "steps"), [(3, 0), (35, 0), (36, 9), (40, 10), (1000, 27)])
def test_steps_of__are_whole_and_enough(weeks: int, steps: int) -> None:
    assert steps_of(weeks) == steps


def test_ring_tests__find_what_went_next_door() -> None:
    counts, city = town()
    counts[3, 0, -1], counts[3, 1, -1] = 4, 45
    near, far = ring_tests(counts, city, was_listed=unlisted(counts))
    assert (near.place, near.ring, near.inside, near.around) == (3, 0, 4, 45)
    assert near.inside_expected == pytest.approx(20.0, rel=0.15)
    assert near.p_value < 0.01
    assert (far.place, far.ring) == (3, 1)
    assert far.p_value > 0.1


def test_ring_tests__ask_only_where_a_place_fell() -> None:
    counts, city = town()
    counts[3, 1, -1] = 60
    assert ring_tests(counts, city, was_listed=unlisted(counts)) == ()


def test_ring_tests__are_no_surer_than_the_fall() -> None:
    counts, city = town()
    counts[3, 0, -1], counts[3, 1, -1] = 12, 200
    found = ring_tests(counts, city, was_listed=unlisted(counts))
    assert found
    # A fall of twenty to twelve is nothing rare; divided by the level at which it was chosen it shows.
    assert found[0].p_value > 0.01 / FALL


def test_ring_tests__ask_nothing_around_the_whole_city() -> None:
    counts, city = town()
    counts[0, 0], counts[0, 1:] = city, 0
    counts[0, 0, -1] = 300
    assert ring_tests(counts[:1], city, was_listed=unlisted(counts[:1])) == ()


def test_ring_tests__do_not_let_listed_weeks_lower_the_ring() -> None:
    counts, city = town()
    counts[3, 0, -2], counts[3, 0, -1] = 60, 4
    # What was counted to the hotspot in the step before is missing in its ring, and comes back.
    counts[3, 1, -2], counts[3, 1, -1] = 5, 32
    listed = unlisted(counts)
    plain = ring_tests(counts, city, was_listed=listed)[0]
    listed[3] = True
    careful = ring_tests(counts, city, was_listed=listed)[0]
    assert careful.around_expected > plain.around_expected


def test_ring_tests__weigh_place_and_ring_against_the_rest_of_the_city() -> None:
    counts, city = town()
    counts[3, 0, -1], counts[3, 1, -1] = 4, 45
    found = ring_tests(counts, city, was_listed=unlisted(counts))[0].net
    place, ring = counts[3, 0], counts[3, 1]
    rest = city - place - ring
    sizes = [rest[:-5].sum() / own[:-5].sum() for own in (place, ring)]
    by_hand = displacement_difference(
        BeforeAfter(place[-5:-1].sum(), 4),
        BeforeAfter(rest[-5:-1].sum(), rest[-1], sizes[0]),
        displaced_treated=BeforeAfter(ring[-5:-1].sum(), 45),
        displaced_control=BeforeAfter(rest[-5:-1].sum(), rest[-1], sizes[1]),
        durations=(4.0, 1.0),
    )
    assert found.estimate == pytest.approx(by_hand.total.estimate)
    assert found.lower < found.estimate < found.upper


def test_ring_tests__without_any_earlier_event_ask_nothing_wrong() -> None:
    counts = np.zeros((2, 3, 12), int)
    assert ring_tests(counts, np.zeros(12, int), was_listed=np.array([True, False])) == ()


def test_place__asks_about_its_own_theme_or_about_all() -> None:
    assert Place("a", "A").has(3)
    assert Place("a", "A", theme=3).has(3)
    assert not Place("a", "A", theme=2).has(3)
