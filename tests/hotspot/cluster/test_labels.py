import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.cluster.labels import NOISE, Clusters, canonical


@pytest.mark.parametrize(
    ("label", "numbered"),
    [([], []), ([-1, -9], [-1, -1]), ([5, 3, 5, -2, 0], [0, 1, 0, -1, 2]), ([0, 1, 2], [0, 1, 2])],
)
def test_canonical__counts_clusters_as_they_come(label: list[int], numbered: list[int]) -> None:
    assert canonical(np.array(label, np.int32)).tolist() == numbered


@given(st.lists(st.integers(-2, 9)), st.permutations(range(10)))
def test_canonical__does_not_care_what_the_clusters_were_called(label: list[int], names: list[int]) -> None:
    renamed = [names[one] if one >= 0 else one for one in label]
    here, there = canonical(np.array(label, int)), canonical(np.array(renamed, int))
    assert np.array_equal(here, there)
    assert np.array_equal(here, canonical(here))
    assert np.array_equal(here == NOISE, np.array(label, int) < 0)


def test_clusters__tell_their_sizes() -> None:
    found = Clusters(np.array([0, 1, NOISE, 1, 1]), np.zeros(5, bool))
    assert (found.n_clusters, found.sizes.tolist()) == (2, [1, 3])
