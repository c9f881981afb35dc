"""Which places of a register are one address."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.stats.addresses import leaders


def streets(
    rng: np.random.Generator, *, error_m: float, each: int = 4
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Houses every 12 m along streets 80 m apart; recorded to the metre, with an error or none."""
    x_m, y_m = np.meshgrid(np.arange(40) * 12.0, np.arange(6) * 80.0, indexing="ij")
    house_m = np.column_stack([x_m.ravel(), y_m.ravel()])
    house = np.repeat(np.arange(len(house_m)), each)
    spot_m = np.floor(house_m[house] + rng.normal(0.0, 1.0, (house.size, 2)) * error_m + 0.5)
    return spot_m, house


def places_of(
    spot_m: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    places_m, place, number = np.unique(spot_m, axis=0, return_inverse=True, return_counts=True)
    return places_m, place.reshape(-1), number.astype(np.int64)


def test_leaders__unite_what_was_measured_anew_for_each_incident() -> None:
    spot_m, house = streets(np.random.default_rng(1), error_m=2.0)
    places_m, place, number = places_of(spot_m)
    address = leaders(places_m, number)[place]
    together = [np.unique(address[house == one]).size for one in range(house.max() + 1)]
    assert np.mean(np.array(together) == 1) > 0.8
    # And no two houses have one address, but for a few.
    assert np.unique(address).size > 0.95 * (house.max() + 1)


def test_leaders__leave_exact_addresses_alone() -> None:
    places_m, _, number = places_of(streets(np.random.default_rng(2), error_m=0.0)[0])
    assert leaders(places_m, number).tolist() == list(range(len(places_m)))


def test_leaders__leave_places_without_order_alone() -> None:
    # Chance puts some places close together, but no more than others are.
    places_m, _, number = places_of(np.floor(np.random.default_rng(3).uniform(0, 1000, (3000, 2))))
    assert leaders(places_m, number).tolist() == list(range(len(places_m)))


def test_leaders__stand_for_themselves_and_are_near() -> None:
    places_m, _, number = places_of(streets(np.random.default_rng(4), error_m=2.0)[0])
    leader = leaders(places_m, number)
    assert (leader[leader] == leader).all()
    assert 4.0 <= np.hypot(*(places_m - places_m[leader]).T).max() <= 12.0


@settings(max_examples=10, deadline=None)
@given(st.integers(-500_000, 500_000), st.integers(-500_000, 500_000))
def test_leaders__do_not_care_where_the_origin_is(east_m: int, north_m: int) -> None:
    places_m, _, number = places_of(streets(np.random.default_rng(5), error_m=2.0)[0])
    moved = leaders(places_m + np.array([east_m, north_m]), number)
    assert moved.tolist() == leaders(places_m, number).tolist()


def test_leaders__do_not_care_for_the_order_of_the_places() -> None:
    rng = np.random.default_rng(6)
    places_m, _, number = places_of(streets(rng, error_m=2.0)[0])
    mixed = rng.permutation(len(places_m))
    again = mixed[leaders(places_m[mixed], number[mixed])]
    assert again.tolist() == leaders(places_m, number)[mixed].tolist()


@pytest.mark.parametrize("n", [0, 1, 5])
def test_leaders__of_few_places_are_themselves(n: int) -> None:
    few_m = np.arange(2.0 * n).reshape(n, 2)
    assert leaders(few_m, np.ones(n, np.int64)).tolist() == list(range(n))


def test_leaders__of_places_all_in_one_spot_are_few() -> None:
    rng = np.random.default_rng(7)
    places_m, _, number = places_of(np.floor(rng.normal(0.0, 3.0, (200, 2))))
    assert np.unique(leaders(places_m, number)).size < 10
