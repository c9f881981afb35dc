import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspot.errors import InvalidParameter
from hotspot.stats.isopleths import top_mass_threshold, top_share, top_share_threshold

values = arrays(np.float64, st.integers(1, 40), elements=st.integers(0, 9).map(float))


def test_top_share_threshold__of_a_hundred_different_cells() -> None:
    density = np.random.default_rng(1).permutation(np.arange(1.0, 101.0))
    assert top_share_threshold(density, 2500.0, share=0.01) == 99.0
    assert top_share_threshold(density, 2500.0, share=0.03) == 97.0
    assert top_share_threshold(density, 2500.0, share=0.0) == 100.0
    assert top_share_threshold(density, 2500.0, share=1.0) == -math.inf
    assert np.flatnonzero(top_share(density, 2500.0, share=0.03)).size == 3


def test_top_share__of_unequal_cells_counts_their_area() -> None:
    density, area_m2 = np.array([9.0, 8.0, 7.0, np.nan]), np.array([10.0, 60.0, 30.0, 1000.0])
    assert top_share_threshold(density, area_m2, share=0.5) == 8.0
    assert top_share(density, area_m2, share=0.7).tolist() == [True, True, False, False]


def test_top_mass_threshold__by_hand() -> None:
    # 50 and 30 of 100 incidents hold 80 per cent.
    density = np.array([10.0, 50.0, 30.0, 10.0])
    assert [top_mass_threshold(density, 1.0, share=one) for one in (0.5, 0.8, 0.81, 1.0)] == [50, 30, 10, 10]
    assert top_mass_threshold(density, np.array([1.0, 1.0, 5.0, 1.0]), share=0.5) == 30.0


@given(values, st.floats(0, 1), st.integers(0, 1000))
def test_top_share__has_at_most_the_share_and_none_outside_is_denser(
    density: "np.ndarray[tuple[int], np.dtype[np.float64]]", share: float, seed: int
) -> None:
    area_m2 = np.random.default_rng(seed).uniform(1, 5, len(density))
    above = density > top_share_threshold(density, area_m2, share=share)
    chosen = top_share(density, area_m2, share=share)
    assert area_m2[above].sum() <= share * area_m2.sum() * (1 + 1e-8)
    assert area_m2[chosen].sum() <= share * area_m2.sum() * (1 + 1e-8)
    assert chosen[above].all()
    if chosen.any() and not chosen.all():
        assert density[chosen].min() >= density[~chosen].max()
    order = np.random.default_rng(seed + 1).permutation(len(density))
    assert top_share_threshold(density[order], area_m2[order], share=share) == top_share_threshold(
        density, area_m2, share=share
    )


def test_isopleths__refuse_what_makes_no_sense() -> None:
    for share in (-0.1, 1.1, math.nan):
        with pytest.raises(InvalidParameter, match="share must be 0 to 1"):
            top_share_threshold(np.ones(2), 1.0, share=share)
    for density in (np.empty(0), np.array([np.nan])):
        with pytest.raises(InvalidParameter, match="at least one cell"):
            top_share(density, 1.0, share=0.5)
    with pytest.raises(InvalidParameter, match="area_m2 must be above 0"):
        top_share(np.ones(2), 0.0, share=0.5)
    with pytest.raises(InvalidParameter, match="density must be 0 or more"):
        top_mass_threshold(np.array([-1.0]), 1.0, share=0.5)
