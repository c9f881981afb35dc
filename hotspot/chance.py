"""Where random numbers begin: for each week, theme and purpose at a place that nothing else disturbs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hotspot.weeks import Week


def theme_rng(seed: int, week: Week, theme: str, *, purpose: str | None = None) -> np.random.Generator:
    """
    Make the source of chance of one theme and week, which no other theme or week disturbs.

    Parameters
    ----------
    seed
        Start of the random numbers of the run.
    week, theme
        What is looked at.
    purpose
        What the numbers are for; absent for the detection.

    Returns
    -------
    Generator
        Always the same for the same arguments.
    """
    words = [theme] if purpose is None else [theme, purpose]
    digests = (hashlib.sha256(word.encode()).digest() for word in words)
    entropy = [seed, week.ordinal, *(int.from_bytes(digest[:8], "big") for digest in digests)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
