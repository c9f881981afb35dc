"""
Which of many tests are still remarkable, now that so many were made? Adjusted p-values.

Question: if every p-value up to this one is called a finding, what share of the findings is chance (false
discovery rate), or how likely is even one false finding (family-wise error)?
Null: each p-value is uniform, or larger than uniform, where nothing is going on.
Cost: a sort.
Reference: Benjamini & Hochberg (1995), Controlling the false discovery rate; Benjamini & Yekutieli (2001);
Holm (1979), A simple sequentially rejective multiple test procedure; Šidák (1967).

Every function returns the adjusted value of each test in the order of the input; a test is rejected at level
alpha where its adjusted value is at most alpha. A cell without a test does not belong in the input: dropped
only afterwards, it leaves the others adjusted for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def benjamini_hochberg(p_value: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Adjust so that cutting at q leaves a share of at most q of the findings to chance.

    Parameters
    ----------
    p_value
        One value per test, each 0 to 1, shape (m,).

    Returns
    -------
    ndarray
        The adjusted values (q-values), each at least its p-value and at most 1, shape (m,).

    Raises
    ------
    InvalidParameter
        If a value is missing or outside 0 to 1.

    Notes
    -----
    Valid for independent tests and for the positive dependence of neighbouring cells (Benjamini & Yekutieli
    2001, theorem 1.2).

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    return _step_up(p_value, lambda rank: rank.size / rank)


def benjamini_yekutieli(p_value: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Adjust as Benjamini and Hochberg do, but valid however the tests depend on each other.

    Parameters
    ----------
    p_value
        As for `benjamini_hochberg`.

    Returns
    -------
    ndarray
        The adjusted values, larger by a factor of about the logarithm of m, shape (m,).

    Examples
    --------
    >>> benjamini_yekutieli(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.0833, 0.1111, 0.1111, 1.0]
    """
    return _step_up(p_value, lambda rank: rank.size / rank * (1 / rank).sum())


def bonferroni(p_value: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Adjust so that cutting at alpha gives even one false finding with probability at most alpha.

    Parameters
    ----------
    p_value
        As for `benjamini_hochberg`.

    Returns
    -------
    ndarray
        The adjusted values, shape (m,).

    Examples
    --------
    >>> bonferroni(np.array([0.01, 0.04, 0.5])).tolist()
    [0.03, 0.12, 1.0]
    """
    p = _checked(p_value)
    return np.minimum(p * p.size, 1.0)


def holm(p_value: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Adjust with the guarantee of Bonferroni, never with fewer findings.

    Parameters
    ----------
    p_value
        As for `benjamini_hochberg`.

    Returns
    -------
    ndarray
        The adjusted values, shape (m,).

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03, 0.5])).tolist()
    [0.04, 0.09, 0.09, 0.5]
    """
    return _by_rank(p_value, lambda p: np.maximum.accumulate(p * np.arange(p.size, 0, -1)))


def sidak(p_value: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Adjust by the exact family-wise probability of independent tests.

    Parameters
    ----------
    p_value
        As for `benjamini_hochberg`.

    Returns
    -------
    ndarray
        How likely the smallest of m uniform values is as small; never above Bonferroni's value, shape (m,).

    Examples
    --------
    >>> sidak(np.array([0.01, 0.04, 0.5])).round(6).tolist()
    [0.029701, 0.115264, 0.875]
    """
    p = _checked(p_value)
    certain = p == 1
    # Written with logarithms, because 1 - (1 - p) ** m is 0 for the small p that matter most.
    return np.where(certain, 1.0, -np.expm1(p.size * np.log1p(-np.where(certain, 0.0, p))))


def _step_up(
    p_value: NDArray[np.float64], factor: Callable[[NDArray[np.int64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Multiply the ascending values by the factor of their rank and take the smallest from each upwards."""

    def raised(p: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.minimum.accumulate((p * factor(np.arange(1, p.size + 1)))[::-1])[::-1]

    return _by_rank(p_value, raised)


def _by_rank(
    p_value: NDArray[np.float64], raised: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Adjust the values in ascending order, to at most 1, and give them back in the order of the input."""
    p = _checked(p_value)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(raised(p[order]), 1.0)
    return adjusted


def _checked(p_value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Refuse what is no list of probabilities."""
    p = np.asarray(p_value, dtype=np.float64)
    if p.ndim != 1:
        raise InvalidParameter(f"p_value must be a list of values, got an array of shape {p.shape}")
    # Written so that NaN, which fails every comparison, is counted as well.
    wrong = p[~((p >= 0) & (p <= 1))]
    if wrong.size:
        raise InvalidParameter(f"p_value must lie between 0 and 1, got {wrong[0]} ({wrong.size} such values)")
    return p
