"""
How much of this week is in by now? The as-of moment of a list, and its completeness by delay curve.

Question: of the incidents of a week that will be reported, which share usually has been by this moment?
Null: none; an interval says how sure the share is.
Cost: two sorts of the incidents.
Reference: Lagakos, Barraj & De Gruttola (1988), Nonparametric analysis of truncated survival data; Lawless
(1994), Adjustments for reporting delays and the prediction of occurred but not reported events; Wilson (1927)
on the interval of a share without exceptions.

Only what has been reported can be seen, so recent incidents show short delays alone. The distribution is
therefore built up from its far end: at each delay, only incidents old enough to show it count (reverse-time
hazards). What comes later than `HORIZON_WEEKS` is not waited for, and not missed.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, ndtri

from hotspot.model import Label
from hotspot.rows import ABSENT_S
from hotspot.sample import middle_s
from hotspot.stats.accuracy import wilson_interval
from hotspot.weeks import week_ordinals

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from hotspot.model import Incidents, Reports
    from hotspot.weeks import Week

HISTORY_WEEKS = 52
"""Weeks from which delays are taken; habits of reporting older than a year may be gone."""
HORIZON_WEEKS = 13
"""Delay in weeks up to which a report is waited for; a year then shows it 39 times over."""
MIN_REPORTS = 30
"""Known delays without which nothing is said."""
MIN_WEEKS = 8
"""Weeks of history without which nothing is said; the horizon is half the history at most."""
_CONFIDENCE = 0.95
_WEEK_S = 604_800
_STEPS = 168
"""Moments of the week over which its share is averaged, an hour apart."""

_MONTHS_NL = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True)
class Completeness:
    """
    Which share of a week has been reported by the as-of moment.

    Parameters
    ----------
    share, lower, upper
        The share, 0 to 1, with its 95 % interval; absent where it is not known.
    is_known
        Whether enough delays are known to tell.
    said
        The same in a sentence.
    """

    share: float | None
    lower: float | None
    upper: float | None
    is_known: bool
    said: Label


@dataclass(frozen=True, slots=True)
class DelayCurve:
    """
    The distribution of delays up to a horizon.

    Parameters
    ----------
    delay_s
        Delays that occur, in seconds, ascending, shape (d,).
    share
        Share of the reports with at most that delay, rising to 1, shape (d,).
    log_variance
        Variance of the logarithm of the share (Greenwood in reverse), shape (d,).
    reports
        Number of reports that it rests on.
    """

    delay_s: NDArray[np.int64]
    share: NDArray[np.float64]
    log_variance: NDArray[np.float64]
    reports: int


def as_of_s(incidents: Incidents, reports: Reports, week: Week, *, weeks: int, zone: ZoneInfo) -> int | None:
    """
    Tell up to which moment a list knows: that of the newest report of the weeks it looks at.

    Loading other weeks later does not change it.

    Parameters
    ----------
    incidents, reports
        Incidents of all themes and how they became known, in any order.
    week
        The week of the list.
    weeks
        How many weeks it looks at, `week` being the last.
    zone
        Time zone that bounds the weeks.

    Returns
    -------
    int or None
        Seconds since 1970 in UTC: the newest report, or the end of an incident where its report has no time;
        None without incidents.
    """
    age = week.ordinal - week_ordinals(middle_s(incidents), zone)
    looked_at = (age >= 0) & (age < weeks)
    known_s = np.where(reports.reported_s == ABSENT_S, incidents.ended_s, reports.reported_s)
    return int(known_s[looked_at].max()) if looked_at.any() else None


def delay_curve(
    happened_s: NDArray[np.int64], reported_s: NDArray[np.int64], *, as_of_s: int, horizon_s: int
) -> DelayCurve:
    """
    Estimate how soon incidents are reported from those that have been by now.

    Parameters
    ----------
    happened_s
        When each incident happened, in seconds, shape (n,).
    reported_s
        When each was reported, in seconds, shape (n,); a report from before the middle of the interval in
        which the incident happened has no delay.
    as_of_s
        The present; later reports are left out.
    horizon_s
        Longest delay that is asked about.

    Returns
    -------
    DelayCurve
        Right truncation is corrected: the share is that of all reports that come within the horizon.

    Examples
    --------
    >>> day = 86_400
    >>> old, new = np.full(4, 0), np.full(4, 9 * day)
    >>> said = np.concatenate([old + np.array([0, 0, 5, 5]) * day, new[:2]])
    >>> curve = delay_curve(
    ...     np.concatenate([old, new[:2]]), said, as_of_s=10 * day, horizon_s=10 * day
    ... )
    >>> (curve.delay_s // day).tolist(), curve.share.tolist()
    ([0, 5], [0.5, 1.0])
    """
    delay_s = np.maximum(0, reported_s - happened_s)
    seen = (reported_s <= as_of_s) & (happened_s <= as_of_s) & (delay_s <= horizon_s)
    delay_s, visible_s = delay_s[seen], np.minimum(as_of_s - happened_s[seen], horizon_s)
    delays_s, counts = np.unique(delay_s, return_counts=True)
    # Those that are reported by then, and happened long enough ago for such a delay to be seen.
    at_risk = np.searchsorted(np.sort(delay_s), delays_s, side="right") - np.searchsorted(
        np.sort(visible_s), delays_s, side="left"
    )
    # The share up to a delay is the chance of no longer one: what all longer delays leave.
    left = 1.0 - counts / at_risk
    with np.errstate(divide="ignore"):
        noise = counts / (at_risk * (at_risk - counts))
    share = np.concatenate([np.cumprod(left[:0:-1])[::-1], [1.0]])[: delays_s.size]
    log_variance = np.concatenate([np.cumsum(noise[:0:-1])[::-1], [0.0]])[: delays_s.size]
    return DelayCurve(delays_s, share, log_variance, int(delay_s.size))


def completeness(
    incidents: Incidents, reports: Reports, week: Week, *, as_of_s: int, zone: ZoneInfo
) -> Completeness:
    """
    Tell which share of a week's incidents usually has been reported by now.

    Parameters
    ----------
    incidents, reports
        Incidents of one theme (or of all) of the year up to the week and how they became known, in any order.
    week
        The week.
    as_of_s
        The as-of moment of its list, in seconds since 1970 in UTC.
    zone
        Time zone that bounds the weeks.

    Returns
    -------
    Completeness
        Mean over the week of the share that is reported as long after; the middle of an interval stands for
        the moment of an incident, as it does where its week is told.
    """
    happened_s = middle_s(incidents)
    age = week.ordinal - week_ordinals(happened_s, zone)
    used = (age >= 0) & (age < HISTORY_WEEKS) & (reports.reported_s != ABSENT_S) & (happened_s <= as_of_s)
    used &= reports.reported_s <= as_of_s
    known = int(np.count_nonzero(used))
    history_s = as_of_s - int(happened_s[used].min()) if known else 0
    if known < MIN_REPORTS:
        return _unknown(
            f"van te weinig incidenten is bekend wanneer ze zijn gemeld ({known}; {MIN_REPORTS} nodig)",
            f"too few incidents have a known time of report ({known}; {MIN_REPORTS} are needed)",
        )
    if history_s < MIN_WEEKS * _WEEK_S:
        return _unknown(
            f"er zijn nog geen {MIN_WEEKS} weken aan meldingen",
            f"there are not yet {MIN_WEEKS} weeks of reports",
        )
    horizon_s = min(HORIZON_WEEKS * _WEEK_S, history_s // 2)
    curve = delay_curve(happened_s[used], reports.reported_s[used], as_of_s=as_of_s, horizon_s=horizon_s)
    start_s, end_s = (int(bound.timestamp()) for bound in week.bounds(zone))
    passed_s = as_of_s - (start_s + (np.arange(_STEPS) + 0.5) * (end_s - start_s) / _STEPS)
    share, lower, upper = _mean_share(curve, passed_s)
    moment = dt.datetime.fromtimestamp(as_of_s, zone)
    return Completeness(share, lower, upper, is_known=True, said=_said(moment, share, lower, upper))


def _mean_share(curve: DelayCurve, passed_s: NDArray[np.float64]) -> tuple[float, float, float]:
    """Average the curve over the times that have passed, with the interval of the average."""
    position = np.searchsorted(curve.delay_s, passed_s, side="right") - 1
    share = np.where(position >= 0, curve.share[np.maximum(position, 0)], 0.0)
    mean = math.fsum(share.tolist()) / share.size
    if mean <= 0.0 or mean >= 1.0:
        exact = wilson_interval(curve.reports if mean > 0 else 0, curve.reports, confidence=_CONFIDENCE)
        return mean, float(exact.lower), float(exact.upper)
    # Two shares have in common what longer delays than both leave open. A share of 0 is not open at all.
    open_ = np.where(share > 0, curve.log_variance[np.maximum(position, 0)], 0.0)
    common = np.minimum(open_[:, None], open_[None, :])
    deviation = math.sqrt(float((share[:, None] * share[None, :] * common).sum())) / share.size
    # On the scale of log odds the interval stays between 0 and 1.
    half = float(ndtri(0.5 + _CONFIDENCE / 2)) * deviation / (mean * (1 - mean))
    centre = float(logit(mean))
    return mean, float(expit(centre - half)), float(expit(centre + half))


def _unknown(nl: str, en: str) -> Completeness:
    """Say why it is not known."""
    said = Label(
        nl=f"Hoe volledig deze week is, is niet bekend: {nl}.",
        en=f"How complete this week is, is not known: {en}.",
    )
    return Completeness(None, None, None, is_known=False, said=said)


def _said(moment: dt.datetime, share: float, lower: float, upper: float) -> Label:
    """Say the moment and the share."""
    # Rounded down, so that nothing is called complete that is not.
    percent, low, high = (math.floor(100 * value + 1e-9) for value in (share, lower, upper))
    day_nl = f"{moment.day} {_MONTHS_NL[moment.month - 1]} {moment.year}"
    day_en = f"{moment.day} {_MONTHS_EN[moment.month - 1]} {moment.year}"
    return Label(
        nl=(
            f"Stand van {day_nl}, {moment:%H.%M} uur: naar schatting {percent}\u00a0% "
            f"({low} tot {high}\u00a0%) van de incidenten van deze week is gemeld."
        ),
        en=(
            f"As of {day_en}, {moment:%H:%M}: an estimated {percent}% ({low} to {high}%) of this week's "
            "incidents have been reported."
        ),
    )
