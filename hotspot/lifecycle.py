"""
What has a hotspot been doing for a year: is it new, growing, steady, fading, or on and off? Nine classes.

Question: in which of the classes of an emerging hot spot analysis does a followed hotspot fall, and does it
rise or fall?
Null: in each step of four weeks its outline gets the city's events in proportion to its places, that is to
its share of the places where anything happened in the year: a binomial, given the city's events of the step.
So a season, a campaign in the whole city or a gap in the data makes no step hot.
Cost: linear in hotspots times steps; the counting is linear in the events near an outline.
Reference: Esri, How Emerging Hot Spot Analysis works (`stats.emerging`, METHODS 2.12); Mann (1945), Kendall
(1975) and Sen (1968) (`stats.trend`); Lancaster (1961), Significance tests in discrete distributions (mid-p).

A step is hot if it holds significantly many events and cold if significantly few: twice the smaller tail of
the binomial, adjusted after Benjamini & Hochberg over all steps of all hotspots that are asked about at once.
The trend test needs one number for each step that neither the city's level nor the outline's size moves: the
normal score of the mid-p, that is the standard normal value that is exceeded as rarely as the count, half of
its own probability counted. An outline was drawn where much had happened lately, so its last step is hot more
often than chance has it; the classes say what came before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.special import ndtri
from scipy.stats import binom

from hotspot.errors import InvalidParameter
from hotspot.model import Label
from hotspot.stats.counts import open_share, positive, whole
from hotspot.stats.emerging import ALPHA, Pattern, patterns
from hotspot.stats.fdr import benjamini_hochberg
from hotspot.stats.trend import mann_kendall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely import MultiPolygon, Polygon

    from hotspot.stats.trend import Trend

WEEKS = 52
STEP_WEEKS = 4
"""Weeks of a step (METHODS 2.12): a week of one hotspot holds too few events to be hot or cold."""
STEPS = WEEKS // STEP_WEEKS
FEWEST_STEPS = 10
"""Steps below which nothing is sorted: Esri advises ten at least."""
SPANS_WEEKS = (1, 4, 12, 52)
"""Weeks over which the list counts."""

_FARTHEST = 1e-300
"""Least probability that is told from others; beyond it, 37 standard deviations away, scores are tied."""


class Category(StrEnum):
    """What a hotspot has been doing, in the words of Esri."""

    NEW = "new"
    CONSECUTIVE = "consecutive"
    INTENSIFYING = "intensifying"
    PERSISTENT = "persistent"
    DIMINISHING = "diminishing"
    SPORADIC = "sporadic"
    OSCILLATING = "oscillating"
    HISTORICAL = "historical"
    NONE = "none"


WORDS: Mapping[Category, Label] = {
    Category.NEW: Label(
        nl="Nieuw: nu voor het eerst opvallend druk.", en="New: strikingly busy now for the first time."
    ),
    Category.CONSECUTIVE: Label(
        nl="Aanhoudend: sinds kort opvallend druk, zonder onderbreking.",
        en="Consecutive: strikingly busy of late, without a break.",
    ),
    Category.INTENSIFYING: Label(
        nl="Toenemend: bijna het hele jaar opvallend druk, en steeds drukker.",
        en="Intensifying: strikingly busy nearly all year, and more and more so.",
    ),
    Category.PERSISTENT: Label(
        nl="Blijvend: bijna het hele jaar opvallend druk.",
        en="Persistent: strikingly busy nearly all year.",
    ),
    Category.DIMINISHING: Label(
        nl="Afnemend: bijna het hele jaar opvallend druk, maar steeds minder.",
        en="Diminishing: strikingly busy nearly all year, but less and less so.",
    ),
    Category.SPORADIC: Label(
        nl="Af en toe: nu opvallend druk, en eerder ook al eens.",
        en="Sporadic: strikingly busy now, and now and then before.",
    ),
    Category.OSCILLATING: Label(
        nl="Wisselend: nu opvallend druk, eerder in het jaar juist opvallend rustig.",
        en="Oscillating: strikingly busy now, but strikingly quiet earlier in the year.",
    ),
    Category.HISTORICAL: Label(
        nl="Voorheen: bijna het hele jaar opvallend druk, maar de laatste vier weken niet.",
        en="Historical: strikingly busy nearly all year, but not in the last four weeks.",
    ),
    Category.NONE: Label(
        nl="Geen duidelijk patroon in het afgelopen jaar.", en="No clear pattern in the past year."
    ),
}
"""Each category as people read it."""

_CATEGORY_OF = {
    Pattern[f"{category.name}_HOT"].value: category for category in Category if category is not Category.NONE
}
"""The hot classes; a place that is remarkable for how little happens there has none."""


@dataclass(frozen=True, slots=True)
class Lifecycles:
    """
    What some hotspots have been doing; n hotspots, t steps, oldest first.

    Parameters
    ----------
    categories
        The class of each; none for all where there are fewer than ten steps.
    states
        1 where a step is hot, -1 where it is cold, 0 elsewhere, shape (n, t).
    expected
        Events that the outline's places lead to expect, shape (n, t).
    scores
        Normal score of each step's count, shape (n, t).
    trend
        Mann-Kendall test of the scores; its slope is in scores per step.
    directions
        1 where the scores rise significantly, -1 where they fall, 0 elsewhere and where there are fewer than
        ten steps; shape (n,).
    slope_per_step
        Sen's slope of the events above expectation: so many more each step than the city's course explains,
        shape (n,).
    """

    categories: tuple[Category, ...]
    states: NDArray[np.int8]
    expected: NDArray[np.float64]
    scores: NDArray[np.float64]
    trend: Trend
    directions: NDArray[np.int8]
    slope_per_step: NDArray[np.float64]

    @property
    def steps(self) -> int:
        """Steps of history that there are, 13 for a whole year."""
        return int(self.states.shape[-1])

    @property
    def is_sorted(self) -> bool:
        """Whether there were steps enough for a category; if not, `too_short` says so."""
        return self.steps >= FEWEST_STEPS


def lifecycles(
    counts: ArrayLike, city: ArrayLike, share: ArrayLike, *, false_share: float = ALPHA, alpha: float = ALPHA
) -> Lifecycles:
    """
    Sort hotspots by what they have been doing.

    Parameters
    ----------
    counts
        Events in each outline by step, oldest first, at least two steps, shape (n, t).
    city
        Events of the theme in the whole city by step, shape (t,).
    share
        Each outline's share of the places where anything happens, between 0 and 1, shape (n,).
    false_share
        Share of the hot and cold steps that may be chance.
    alpha
        Level of the trend test, two-sided and not adjusted, as in Esri's tool.

    Returns
    -------
    Lifecycles
        What they have been doing.

    Raises
    ------
    InvalidParameter
        If the shapes do not fit, a count is no count, an outline has more than the city, or a share is not
        between 0 and 1.

    Examples
    --------
    >>> quiet, busy = [2] * 12, [15]
    >>> found = lifecycles([quiet + busy], [400] * 13, [0.005])
    >>> found.categories[0].value, found.states[0].tolist()
    ('new', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    """
    observed, everyone, part = _checked(counts, city, share)
    expected = part[:, None] * everyone
    at_least = binom.sf(observed - 1, everyone, part[:, None])
    at_most = binom.cdf(observed, everyone, part[:, None])
    p_value = np.minimum(2 * np.minimum(at_least, at_most), 1.0)
    adjusted = benjamini_hochberg(p_value.ravel()).reshape(p_value.shape)
    remarkable = adjusted <= open_share(false_share, name="false_share")
    states = np.where(remarkable, np.sign(at_most - at_least), 0).astype(np.int8)
    scores = _scores(observed, everyone, part[:, None])
    trend = mann_kendall(scores)
    is_sorted = observed.shape[1] >= FEWEST_STEPS
    is_trend = is_sorted & (trend.p_value <= open_share(alpha, name="alpha"))
    directions = np.where(is_trend, np.sign(trend.z), 0).astype(np.int8)
    found = patterns(states, trends=directions) if is_sorted else np.zeros(len(observed), np.int8)
    return Lifecycles(
        categories=tuple(_CATEGORY_OF.get(pattern, Category.NONE) for pattern in found.tolist()),
        states=states,
        expected=expected,
        scores=scores,
        trend=trend,
        directions=directions,
        slope_per_step=mann_kendall(observed - expected).slope,
    )


def too_short(steps: int) -> Label:
    """
    Say why nothing can be said about the course of a year.

    Parameters
    ----------
    steps
        Steps of history that there are.

    Returns
    -------
    Label
        One sentence.
    """
    return Label(
        nl=f"De gegevens gaan {steps} perioden van vier weken terug; voor een patroon zijn er minstens "
        f"{FEWEST_STEPS} nodig.",
        en=f"The data go back {steps} periods of four weeks; a pattern takes at least {FEWEST_STEPS}.",
    )


def weekly_counts(
    xy_m: NDArray[np.float64],
    age_weeks: NDArray[np.int64],
    footprints: Sequence[Polygon | MultiPolygon],
    *,
    weeks: int = WEEKS,
) -> NDArray[np.int64]:
    """
    Count the events in each outline by week.

    Parameters
    ----------
    xy_m
        Positions of events in metres, in any order, shape (m, 2).
    age_weeks
        Weeks before the named week in which each lies, 0 for that week itself, shape (m,); events of later
        weeks (negative) and of earlier ones than asked for are not counted.
    footprints
        The outlines in the same plane; an event on the line is inside.
    weeks
        Number of weeks, the named one being the last.

    Returns
    -------
    ndarray
        Events by outline and week, oldest first, shape (n, weeks).

    Examples
    --------
    >>> square = shapely.box(0, 0, 10, 10)
    >>> places, ages = np.array([[5.0, 5.0], [10.0, 10.0], [11.0, 5.0]]), np.array([0, 2, 0])
    >>> weekly_counts(places, ages, [square], weeks=4).tolist()
    [[0, 1, 0, 1]]
    """
    counted = (age_weeks >= 0) & (age_weeks < weeks)
    week = weeks - 1 - age_weeks[counted]
    found = [np.bincount(week[inside], minlength=weeks) for inside in _inside(xy_m[counted], footprints)]
    return np.array(found, np.int64).reshape(-1, weeks)


def place_shares(
    places_m: NDArray[np.float64], footprints: Sequence[Polygon | MultiPolygon]
) -> NDArray[np.float64]:
    """
    Tell which share of the places where anything happens each outline holds.

    Parameters
    ----------
    places_m
        Distinct places of the events of all themes in the year, in metres, at least one, shape (m, 2).
    footprints
        The outlines.

    Returns
    -------
    ndarray
        Shares, 0 to 1, shape (n,). Half a place is added on both sides, so that no outline has none or all.
    """
    held = np.array([inside.size for inside in _inside(places_m, footprints)], np.float64)
    return np.asarray((held + 0.5) / (len(places_m) + 1.0))


def by_step(weekly: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Add up weeks to steps of four weeks, the last of which ends with the named week.

    Parameters
    ----------
    weekly
        Counts by week along the last axis, oldest first, shape (..., w).

    Returns
    -------
    ndarray
        Counts by step, oldest first, at most 13, shape (..., t); weeks before the first whole step are left
        out.

    Examples
    --------
    >>> by_step(np.array([9, 1, 1, 1, 1, 2, 2, 2, 2])).tolist()
    [4, 8]
    """
    steps = min(weekly.shape[-1] // STEP_WEEKS, STEPS)
    kept = weekly[..., weekly.shape[-1] - steps * STEP_WEEKS :]
    return np.asarray(kept.reshape(*weekly.shape[:-1], steps, STEP_WEEKS).sum(axis=-1))


def recent(weekly: NDArray[np.int64], *, spans_weeks: Sequence[int] = SPANS_WEEKS) -> NDArray[np.int64]:
    """
    Count the events of the last week, the last four, twelve and fifty-two.

    Parameters
    ----------
    weekly
        Counts by week along the last axis, oldest first, shape (..., w).
    spans_weeks
        Lengths, each at least 1; one that is longer than the history counts all of it.

    Returns
    -------
    ndarray
        Counts, shape (..., spans).

    Examples
    --------
    >>> recent(np.array([5, 0, 2, 1]), spans_weeks=(1, 2)).tolist()
    [1, 3]
    """
    return np.stack([weekly[..., -span:].sum(axis=-1) for span in spans_weeks], axis=-1)


def _checked(
    counts: ArrayLike, city: ArrayLike, share: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Refuse what does not fit together."""
    observed, everyone = whole(counts, name="counts"), whole(city, name="city")
    part = positive(share, name="share")
    if observed.ndim != 2 or everyone.shape != observed.shape[1:] or part.shape != observed.shape[:1]:  # noqa: PLR2004
        raise InvalidParameter(
            f"counts must be (n, t), city (t,) and share (n,), got {observed.shape}, {everyone.shape}, "
            f"{part.shape}"
        )
    if (part >= 1).any():
        raise InvalidParameter(f"share must lie between 0 and 1, got {part.max()}")
    if (observed > everyone).any():
        raise InvalidParameter("counts must not exceed the city's, which holds the outline")
    return observed, everyone, part


def _scores(
    observed: NDArray[np.float64], everyone: NDArray[np.float64], part: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the standard normal value that is exceeded as rarely as each count (mid-p)."""
    half = binom.pmf(observed, everyone, part) / 2
    above = np.maximum(binom.sf(observed, everyone, part) + half, _FARTHEST)
    below = np.maximum(binom.cdf(observed - 1, everyone, part) + half, _FARTHEST)
    # From the smaller tail: one less a tiny chance is one.
    return np.where(above < below, -ndtri(above), ndtri(below))


def _inside(
    xy_m: NDArray[np.float64], footprints: Sequence[Polygon | MultiPolygon]
) -> list[NDArray[np.int64]]:
    """List the points in each outline, those on the line counted."""
    order = np.argsort(xy_m[:, 0], kind="stable")
    x_m, y_m = xy_m[order].T
    found = []
    for footprint in footprints:
        west, south, east, north = footprint.bounds
        strip = slice(np.searchsorted(x_m, west), np.searchsorted(x_m, east, side="right"))
        near = strip.start + np.flatnonzero((y_m[strip] >= south) & (y_m[strip] <= north))
        shapely.prepare(footprint)
        found.append(order[near[shapely.intersects_xy(footprint, x_m[near], y_m[near])]])
    return found
