"""
What has a hot or cold spot been doing: is it new, growing, steady, fading, or on and off? Seventeen classes.

Question: which of the patterns of an emerging hot spot analysis does a place's history show?
Null: none of its own; it sorts the outcome of a test per step (Gi*, adjusted for their number) and of a
trend test.
Cost: linear in places times steps; the trend test the square of the steps.
Reference: Esri, How Emerging Hot Spot Analysis works (ArcGIS Pro, current wording).

Where two of Esri's descriptions fit one history, the first in the order of `Pattern` holds, hot before
cold. This happens to a place that was cold and is hot for the first time: it is new (or consecutive), not
oscillating, even if it was cold nine times in ten; and to a place that was hot nine times in ten and is
cold at the end: a historical hot spot. A cold spot intensifies when its scores fall. The R package `sfdep`
departs from these definitions in several classes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erfc

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import finite, open_share
from hotspot.stats.fdr import benjamini_hochberg
from hotspot.stats.trend import mann_kendall

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ALPHA = 0.05
"""False discovery rate of the steps, and level of the trend, unless others are asked for."""

# Nine in ten steps, in whole numbers: 0.9 is not exact in binary.
_MOST, _OF = 9, 10


class Pattern(IntEnum):
    """The classes; a cold one is the negative of its hot counterpart."""

    NO_PATTERN = 0
    NEW_HOT = 1
    CONSECUTIVE_HOT = 2
    INTENSIFYING_HOT = 3
    PERSISTENT_HOT = 4
    DIMINISHING_HOT = 5
    SPORADIC_HOT = 6
    OSCILLATING_HOT = 7
    HISTORICAL_HOT = 8
    NEW_COLD = -1
    CONSECUTIVE_COLD = -2
    INTENSIFYING_COLD = -3
    PERSISTENT_COLD = -4
    DIMINISHING_COLD = -5
    SPORADIC_COLD = -6
    OSCILLATING_COLD = -7
    HISTORICAL_COLD = -8

    @property
    def label(self) -> str:
        """The class in words, `new hot spot` or `no pattern`."""
        words = self.name.lower().replace("_", " ")
        return words if self == Pattern.NO_PATTERN else f"{words} spot"


def patterns(states: ArrayLike, *, trends: ArrayLike) -> NDArray[np.int8]:
    """
    Sort the histories of places into the classes.

    Parameters
    ----------
    states
        1 where a place is significantly hot, -1 where it is significantly cold, 0 elsewhere; steps along
        the last axis, oldest first, at least one, shape (..., t). Esri recommends ten or more.
    trends
        1 where a place's scores rise significantly over all steps, -1 where they fall, 0 elsewhere, shape
        (...).

    Returns
    -------
    ndarray
        Values of `Pattern`, of the shape of `trends`.

    Examples
    --------
    >>> found = patterns([[0, 0, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1], [-1, 0, -1, 0]], trends=[0, 0, 1, 0])
    >>> [Pattern(value).label for value in found]
    ['new hot spot', 'consecutive hot spot', 'intensifying hot spot', 'no pattern']
    """
    state, trend = _signs(states, name="states"), _signs(trends, name="trends")
    if state.ndim == 0 or state.shape[-1] == 0:
        raise InvalidParameter("states must have at least one step, got none")
    if trend.shape != state.shape[:-1]:
        raise InvalidParameter(
            f"trends must have the shape {state.shape[:-1]} of the places, got {trend.shape}"
        )
    hot, cold = _hot_patterns(state, trend), _hot_patterns(-state, -trend)
    return np.where(hot != 0, hot, -cold)


def patterns_of_scores(z: ArrayLike, *, alpha: float = ALPHA, trend_alpha: float = ALPHA) -> NDArray[np.int8]:
    """
    Sort places into the classes from their scores alone.

    Parameters
    ----------
    z
        Score (Gi*) of each place in each step, approximately standard normal under the null, steps along
        the last axis, oldest first, at least two, shape (..., t).
    alpha
        Share of the significant place-steps that may be chance (Benjamini & Hochberg over all of them).
    trend_alpha
        Level of the Mann-Kendall test of each place's scores, two-sided and not adjusted, as in Esri's tool.

    Returns
    -------
    ndarray
        Values of `Pattern`, shape (...).

    Examples
    --------
    >>> Pattern(patterns_of_scores([4.0, 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7]).item()).label
    'intensifying hot spot'
    """
    score = finite(z, name="z")
    p_value = erfc(np.abs(score) / np.sqrt(2.0))
    adjusted = benjamini_hochberg(p_value.ravel()).reshape(score.shape)
    states = np.where(adjusted <= open_share(alpha, name="alpha"), np.sign(score), 0.0)
    trend = mann_kendall(score)
    rising = np.where(trend.p_value <= open_share(trend_alpha, name="trend_alpha"), np.sign(trend.z), 0.0)
    return patterns(states, trends=rising)


def _signs(values: ArrayLike, *, name: str) -> NDArray[np.int8]:
    """Take values that are -1, 0 or 1."""
    parsed = np.asarray(values)
    if not np.isin(parsed, (-1, 0, 1)).all():
        wrong = parsed[~np.isin(parsed, (-1, 0, 1))].flat[0]
        raise InvalidParameter(f"{name} must be -1, 0 or 1, got {wrong}")
    return parsed.astype(np.int8)


def _hot_patterns(state: NDArray[np.int8], trend: NDArray[np.int8]) -> NDArray[np.int8]:
    """Sort into the hot classes; 0 where none fits."""
    hot = state == 1
    steps = state.shape[-1]
    times = hot.sum(axis=-1)
    at_end = hot[..., -1]
    often = _OF * times >= _MOST * steps
    # Hot steps at the end, without a gap.
    run = np.cumprod(hot[..., ::-1], axis=-1).sum(axis=-1)
    once = at_end & (run == times)
    cold_before = (state == -1).any(axis=-1)
    rules = [
        (once & (run == 1), Pattern.NEW_HOT),
        (once & (run > 1) & ~often, Pattern.CONSECUTIVE_HOT),
        (at_end & often & (trend == 1), Pattern.INTENSIFYING_HOT),
        (at_end & often & (trend == 0), Pattern.PERSISTENT_HOT),
        (at_end & often & (trend == -1), Pattern.DIMINISHING_HOT),
        (at_end & ~often & ~cold_before, Pattern.SPORADIC_HOT),
        (at_end & ~often & cold_before, Pattern.OSCILLATING_HOT),
        (~at_end & often, Pattern.HISTORICAL_HOT),
    ]
    found = np.select([where for where, _ in rules], [pattern.value for _, pattern in rules], default=0)
    return np.asarray(found, np.int8)
