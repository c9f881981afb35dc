"""How often hotspots keep their names over a year: simulated lives of several roughness."""

from __future__ import annotations

import numpy as np
import pytest

from hotspot.tracking import follow
from tests.lives import City, lives, score

SEED = 20261123
HISTORIES = 60
BAR = 0.98


@pytest.mark.slow
@pytest.mark.parametrize(
    "city",
    [
        pytest.param(City(), id="200 m apart, 15 m of jitter"),
        pytest.param(City(share_members=False), id="no incidents shared"),
        pytest.param(City(apart_m=250.0, jitter_m=20.0), id="250 m apart, 20 m of jitter"),
        pytest.param(City(split=0.0, merge=0.0, jitter_m=20.0), id="no splits or merges, 20 m of jitter"),
        pytest.param(City(lives=40, jitter_m=10.0), id="crowded, 10 m of jitter"),
    ],
)
def test_follow__names_98_of_100_hotspots_rightly(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    shares, strictly = [], []
    for number in range(HISTORIES):
        history = lives(city, np.random.default_rng([SEED, number]))
        found = score(history, follow(history.weeks))
        shares.append(found.right / found.hotspots)
        strictly.append(found.strictly / found.hotspots)
    mean, error = np.mean(shares), np.std(shares, ddof=1) / HISTORIES**0.5
    with capsys.disabled():
        print(f"\n{mean:.4f} ± {1.96 * error:.4f} right, {np.mean(strictly):.4f} strictly: {city}")  # noqa: T201
    assert mean >= BAR
