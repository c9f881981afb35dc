"""
Has the level of a series risen, by little but for long? The cumulative sum chart for Poisson counts.

Question: do counts stay above their mean for longer than chance makes them?
Null: the counts are independent and Poisson with the given mean.
Cost: linear in the number of counts.
Reference: Page (1954), Continuous inspection schemes; Rossi, Lampugnani & Marchi (1999), An approximate
CUSUM procedure for surveillance of health events; defaults and bounds as in the R package `surveillance`.

The sum goes on after an alarm, as in `surveillance`; a chart that begins anew is one that is called anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import at_least, non_negative, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Transform = Literal["standard", "rossi"]
"""How counts become approximately standard normal."""

REFERENCE = 1.04
"""Standard deviations that each week may lie above its mean without adding up (surveillance)."""

THRESHOLD = 2.26
"""Sum that alarms: with `REFERENCE` once in 500 weeks under a normal null (surveillance)."""


@dataclass(frozen=True, slots=True)
class Cusum:
    """
    The chart, week by week.

    Parameters
    ----------
    total
        The cumulative sum, in standard deviations, at least 0.
    upper_bound
        The count from which on the week alarms, given the weeks before; in whole incidents for the standard
        transform, as it comes for Rossi's, and at least 0.
    alarm
        Whether the sum has reached the threshold.
    expected
        The mean that was used.
    """

    total: NDArray[np.float64]
    upper_bound: NDArray[np.float64]
    alarm: NDArray[np.bool_]
    expected: NDArray[np.float64]


def cusum(
    counts: ArrayLike,
    *,
    expected: ArrayLike,
    reference: float = REFERENCE,
    threshold: float = THRESHOLD,
    transform: Transform = "standard",
) -> Cusum:
    """
    Add up, week after week, by how much counts lie above a known mean.

    Parameters
    ----------
    counts
        Incidents by week, oldest first, along the last axis; further axes are areas, shape (..., t).
    expected
        Their mean, above 0: one number, or anything that fits the shape of `counts` (a mean per week, or one
        per area with a last axis of 1).
    reference
        Standard deviations per week that are forgiven (k).
    threshold
        Sum that alarms, above 0 (h).
    transform
        `standard` is (x - m) / sqrt(m); `rossi`, better for means below about 20, is
        (x - 3m + 2 sqrt(xm)) / (2 sqrt(m)).

    Returns
    -------
    Cusum
        Arrays of the shape of `counts`.

    Examples
    --------
    >>> chart = cusum([4, 5, 3, 6, 7, 8, 9], expected=4)
    >>> [round(float(total), 2) for total in chart.total], bool(chart.alarm[-1])
    ([0.0, 0.0, 0.0, 0.0, 0.46, 1.42, 2.88], True)
    """
    observed = non_negative(counts, name="counts")
    if observed.ndim == 0:
        raise InvalidParameter("counts must be a series of weeks, got a single number")
    limit = float(positive(threshold, name="threshold"))
    slack = float(non_negative(reference, name="reference"))
    mean = np.broadcast_to(positive(expected, name="expected"), observed.shape)
    deviation = _standardised(observed, mean, transform)
    total, before = np.empty(observed.shape), np.zeros(observed.shape)
    running = np.zeros(observed.shape[:-1])
    for week in range(observed.shape[-1]):
        before[..., week] = running
        running = np.maximum(0.0, running + deviation[..., week] - slack)
        total[..., week] = running
    bound = _bound(limit + slack - before, mean, transform)
    return Cusum(total, bound, total >= limit, mean.copy())


def cusum_after_training(
    counts: ArrayLike,
    *,
    training_weeks: int,
    reference: float = REFERENCE,
    threshold: float = THRESHOLD,
    transform: Transform = "standard",
) -> Cusum:
    """
    Chart the weeks after a first period from which the mean is taken.

    A mean from few weeks is itself uncertain, and the chart then alarms more often than with a known mean.

    Parameters
    ----------
    counts
        Incidents by week, oldest first, along the last axis; further axes are areas, shape (..., t).
    training_weeks
        Weeks at the beginning whose mean count is the expectation of the others, at least 1, below t.
    reference, threshold, transform
        As in `cusum`.

    Returns
    -------
    Cusum
        Arrays for the weeks after the training, shape (..., t - training_weeks).

    Raises
    ------
    InvalidParameter
        If nothing happened in the training weeks of an area, so that no mean can be told.
    """
    observed = np.atleast_1d(non_negative(counts, name="counts"))
    weeks = observed.shape[-1]
    if at_least(training_weeks, least=1, name="training_weeks") >= weeks:
        raise InvalidParameter(f"training_weeks must be fewer than the {weeks} weeks, got {training_weeks}")
    mean = observed[..., :training_weeks].mean(axis=-1, keepdims=True)
    if (mean == 0).any():
        raise InvalidParameter(
            "the training weeks must have at least one incident per area, got an area with none"
        )
    return cusum(
        observed[..., training_weeks:],
        expected=mean,
        reference=reference,
        threshold=threshold,
        transform=transform,
    )


def _standardised(
    observed: NDArray[np.float64], mean: NDArray[np.float64], transform: Transform
) -> NDArray[np.float64]:
    """Bring counts to about mean 0 and spread 1."""
    if transform == "standard":
        return np.asarray((observed - mean) / np.sqrt(mean), np.float64)
    if transform == "rossi":
        numerator = observed - 3 * mean + 2 * np.sqrt(observed * mean)
        return np.asarray(numerator / (2 * np.sqrt(mean)), np.float64)
    raise InvalidParameter(f"transform must be 'standard' or 'rossi', got {transform!r}")


def _bound(room: NDArray[np.float64], mean: NDArray[np.float64], transform: Transform) -> NDArray[np.float64]:
    """Find the count whose deviation fills the room that is left; the inverse of `_standardised`."""
    root = np.sqrt(mean)
    if transform == "standard":
        return np.asarray(np.maximum(0.0, np.ceil(root * room + mean)), np.float64)
    # Where the sum has passed the threshold by far, any count alarms.
    observed_root = np.sqrt(np.maximum(0.0, 4 * mean + 2 * root * room)) - root
    return np.asarray(np.maximum(0.0, observed_root) ** 2, np.float64)
