import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.naus import naus_p_value


def test_naus_p_value__is_that_of_ptools_when_asked(shared_data: Path) -> None:
    path = shared_data / "reference" / "published_values.json"
    published = json.loads(path.read_text())["naus_scan"]["P_6_in_window"]
    for windows, mean, subtracted, key, digits in (
        (208, 0.6, 2, "L208_mu0.6_n6_exponentLminus2", 8),
        (260, 1.0, 1, "L260_mu1_n6_exponentLminus1", 6),
        (260, 1.0, 2, "L260_mu1_n6_exponentLminus2", 7),
    ):
        p_value = naus_p_value(6, windows=windows, mean=mean, subtracted=subtracted, as_ptools=True)
        assert round(p_value, digits) == published[key]
        # The term that ptools leaves out hardly shows at six.
        proper = naus_p_value(6, windows=windows, mean=mean, subtracted=subtracted)
        assert proper == pytest.approx(published[key], rel=2e-4)


def test_naus_p_value__of_one_is_that_of_any() -> None:
    assert naus_p_value(1, windows=10, mean=0.1) == pytest.approx(1 - math.exp(-1.0))


@pytest.mark.parametrize(("n", "mean"), [(2, 0.4), (3, 1.5), (4, 2.0)])
def test_naus_p_value__is_what_simulation_gives(n: int, mean: float) -> None:
    rng, runs, windows = np.random.default_rng(6), 60_000, 3
    held = 0
    counts = rng.poisson(mean * windows, runs)
    for count in range(n, int(counts.max()) + 1):
        at = np.sort(rng.uniform(0, windows, (int((counts == count).sum()), count)), axis=1)
        held += int(((at[:, n - 1 :] - at[:, : count - n + 1]).min(axis=1, initial=9.0) < 1.0).sum())
    p_value = naus_p_value(n, windows=windows, mean=mean)
    assert abs(held / runs - p_value) < 3.5 * math.sqrt(p_value * (1 - p_value) / runs)


@given(st.integers(1, 30), st.floats(2, 500), st.floats(0.01, 10))
def test_naus_p_value__falls_with_the_number_in_the_window(n: int, windows: float, mean: float) -> None:
    more, fewer = (naus_p_value(k, windows=windows, mean=mean) for k in (n + 1, n))
    assert 0.0 <= more <= fewer + 1e-9 <= 1.0 + 1e-9


def test_naus_p_value__refuses_what_cannot_be() -> None:
    for wrong in (
        {"n": 0, "windows": 9.0, "mean": 1.0},
        {"n": 3, "windows": 1.0, "mean": 1.0},
        {"n": 3, "windows": 9.0, "mean": 0.0},
        {"n": 3, "windows": 9.0, "mean": math.nan},
    ):
        with pytest.raises(InvalidParameter, match="must be"):
            naus_p_value(int(wrong["n"]), windows=wrong["windows"], mean=wrong["mean"])
