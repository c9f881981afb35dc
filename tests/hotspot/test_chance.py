"""Each week, theme and purpose has numbers of its own, always the same."""

from __future__ import annotations

from itertools import product

from hotspot.chance import theme_rng
from hotspot.weeks import Week

WEEK = Week(2010, 30)


def test_theme_rng__differs_by_theme_week_seed_and_purpose() -> None:
    asked = list(product((0, 1), (WEEK, WEEK.plus(1)), ("theft", "drug_nuisance"), (None, "ranking")))
    draws = {
        theme_rng(seed, week, theme, purpose=purpose).integers(2**63) for seed, week, theme, purpose in asked
    }
    assert len(draws) == len(asked)
    assert theme_rng(0, WEEK, "theft").integers(2**63) in draws
