"""
Histories of a city with planted hotspots: known truth for a detector, and a show without anybody's data.

A history is drawn on a city: themes with their season, hours and subthemes, campaigns that raise a theme in
the city or in one quarter, places that drift, incidents that come back at the same address, and the planted
hotspots, which are the truth that a detector should find.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from hotspot.city import City, chessboard, city
from hotspot.model import Incidents, Precision, Reporter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from hotspot.weeks import Week

__all__ = ["Campaign", "City", "History", "Kind", "Planted", "chessboard", "city", "history", "planted"]

_THEME_SPREAD = 0.7
"""Standard deviation of the logarithm of what a theme makes of an address's intensity."""
_DAY_WEIGHTS = (0.13, 0.13, 0.135, 0.14, 0.155, 0.165, 0.145)
"""Shares of Monday to Sunday."""
_PEAKED_SHARE = 0.7
"""Share of the incidents that keep to the theme's hour; the others come at any."""
_PEAK_SPREAD_H = 3.0
_REPEAT_DAYS = 4
_BORDER_SHARE = 0.75
"""Most of a border hotspot's addresses that may lie in one neighbourhood."""
_DAY_S, _HOUR_S = 86_400, 3_600


@dataclass(frozen=True, slots=True)
class Kind:
    """
    How incidents of one theme come about.

    Parameters
    ----------
    theme
        Name of the theme.
    subthemes
        Names of its subthemes with their shares.
    per_week
        Incidents in an average week in the whole city, planted ones not counted.
    peak_hour
        Local hour around which most of them begin, 0 to 24.
    season
        Amplitude of the yearly wave around the average, 0 to 1; its crest lies in week 26.
    drift
        Standard deviation of how far the logarithm of an address's intensity moves in a year.
    repeat_share
        Share of the incidents that are followed by another at the same address within three days.
    interval_h
        Mean length of the interval in which an incident happened, in hours; 0 where the instant is known.
    police_share
        Share that the police found themselves.
    """

    theme: str
    subthemes: tuple[tuple[str, float], ...]
    per_week: float
    peak_hour: float = 20.0
    season: float = 0.2
    drift: float = 0.0
    repeat_share: float = 0.0
    interval_h: float = 0.0
    police_share: float = 0.2


@dataclass(frozen=True, slots=True)
class Campaign:
    """
    A time in which more of a theme is recorded, in the whole city or in one quarter.

    Parameters
    ----------
    theme
        The theme.
    first
        First week.
    weeks
        Number of weeks.
    factor
        How many times as many incidents.
    area_code
        Neighbourhood that it is limited to; absent for the whole city.
    """

    theme: str
    first: Week
    weeks: int
    factor: float
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """
    A hotspot that is put in on purpose: the truth.

    Parameters
    ----------
    theme
        Its theme.
    xy_m
        Its centre in metres.
    radius_m
        Its incidents lie at addresses within this distance.
    first
        Its first week.
    weeks
        Number of weeks that it lasts.
    incidents
        Incidents that it adds in all those weeks together.
    """

    theme: str
    xy_m: tuple[float, float]
    radius_m: float
    first: Week
    weeks: int
    incidents: int


@dataclass(frozen=True, slots=True)
class History:
    """
    Incidents of a city in the order of time, and which of them were planted.

    Parameters
    ----------
    incidents
        As the pipeline takes them; keys count from 1.
    reporter
        `Reporter` of each, shape (n,).
    planted
        Index into `truth`, -1 for the background, shape (n,).
    truth
        The planted hotspots.
    """

    incidents: Incidents
    reporter: NDArray[np.object_]
    planted: NDArray[np.intp]
    truth: tuple[Planted, ...]


@dataclass(frozen=True, slots=True)
class _Draws:
    """Incidents of one theme before they get their clock times and names."""

    address: NDArray[np.intp]
    day: NDArray[np.int64]
    planted: NDArray[np.intp]


def planted(
    where: City,
    theme: str,
    *,
    radius_m: float,
    incidents: int,
    first: Week,
    weeks: int,
    on_border: bool = False,
    rng: np.random.Generator,
) -> Planted:
    """
    Choose a place for a hotspot where several addresses are in reach.

    Parameters
    ----------
    where
        The city.
    theme
        Theme of the hotspot.
    radius_m
        Its radius in metres.
    incidents
        Incidents that it adds in all its weeks together.
    first
        Its first week.
    weeks
        Number of weeks that it lasts.
    on_border
        Whether a quarter of its addresses or more must lie across a border.
    rng
        Source of chance.

    Returns
    -------
    Planted
        The hotspot, to be handed to `history`.

    Raises
    ------
    ValueError
        If the city has no such place.
    """
    for address in rng.permutation(len(where.area)):
        near = np.hypot(*(where.xy_m - where.xy_m[address]).T) <= radius_m
        largest = np.bincount(where.area[near]).max() / np.count_nonzero(near)
        if np.count_nonzero(near) >= min(5, incidents) and (largest <= _BORDER_SHARE or not on_border):
            x_m, y_m = where.xy_m[address]
            return Planted(theme, (float(x_m), float(y_m)), radius_m, first, weeks, incidents)
    raise ValueError(f"the city has no place for a hotspot of {radius_m} m")


def history(
    where: City,
    kinds: Sequence[Kind],
    *,
    first: Week,
    weeks: int,
    truth: Sequence[Planted] = (),
    campaigns: Sequence[Campaign] = (),
    zone: ZoneInfo,
    rng: np.random.Generator,
) -> History:
    """
    Draw the incidents of a city over some weeks.

    Parameters
    ----------
    where
        The city.
    kinds
        Its themes.
    first
        First week.
    weeks
        Number of weeks.
    truth
        Hotspots to plant; their own weeks may lie partly outside, and then so do their incidents.
    campaigns
        Times in which more is recorded.
    zone
        The municipality's time zone, in which days and hours are local.
    rng
        Source of chance. Each theme draws from its own stream: another theme changes none.

    Returns
    -------
    History
        The incidents in the order of time.
    """
    truth = tuple(truth)
    parts = [
        _theme_history(where, kind, first, weeks, truth, campaigns, zone, stream)
        for kind, stream in zip(kinds, rng.spawn(len(kinds)), strict=True)
    ]
    columns = {
        column.name: np.concatenate([getattr(part.incidents, column.name) for part in parts])
        for column in fields(Incidents)
    }
    order = np.argsort(columns["started_s"], kind="stable")
    ordered = {name: values[order] for name, values in columns.items()}
    ordered["key"] = np.arange(1, order.size + 1, dtype=np.int64)
    reporter = np.concatenate([part.reporter for part in parts])[order]
    source = np.concatenate([part.planted for part in parts])[order]
    return History(Incidents(**ordered), reporter, source, truth)


def _theme_history(
    where: City,
    kind: Kind,
    first: Week,
    weeks: int,
    truth: tuple[Planted, ...],
    campaigns: Sequence[Campaign],
    zone: ZoneInfo,
    rng: np.random.Generator,
) -> History:
    """Draw one theme."""
    draws = _with_repeats(
        _background(where, kind, first, weeks, campaigns, rng),
        _planted_draws(where, kind, first, weeks, truth, rng),
        kind.repeat_share,
        last_day=7 * weeks - 1,
        rng=rng,
    )
    n = draws.day.size
    started_s = _instants(draws.day, kind.peak_hour, first, weeks, zone, rng)
    length_s = (rng.exponential(kind.interval_h * _HOUR_S, size=n)).astype(np.int64)
    names = np.array([name for name, _ in kind.subthemes], object)
    shares = np.array([share for _, share in kind.subthemes])
    codes = np.array([area.code for area in where.areas], object)
    incidents = Incidents(
        key=np.arange(n, dtype=np.int64),
        xy_m=where.xy_m[draws.address],
        started_s=started_s,
        ended_s=started_s + length_s,
        precision=np.full(n, str(Precision.MINUTE), object),
        theme=np.full(n, kind.theme, object),
        subtheme=names[rng.choice(names.size, size=n, p=shares / shares.sum())],
        neighbourhood=codes[where.area[draws.address]],
    )
    by_police = rng.random(n) < kind.police_share
    reporter = np.where(by_police, str(Reporter.POLICE), str(Reporter.CITIZEN)).astype(object)
    return History(incidents, reporter, draws.planted, truth)


def _background(
    where: City,
    kind: Kind,
    first: Week,
    weeks: int,
    campaigns: Sequence[Campaign],
    rng: np.random.Generator,
) -> _Draws:
    """Draw what happens anyway, week by week."""
    n = where.intensity.size
    own = where.intensity * rng.lognormal(0.0, _THEME_SPREAD, size=n)
    slope = rng.normal(0.0, kind.drift, size=n) if kind.drift else np.zeros(n)
    number_of = {area.code: index for index, area in enumerate(where.areas)}
    address, day = [], []
    for number in range(weeks):
        week = first.plus(number)
        rate = own / own.sum() * np.exp(slope * (number - weeks / 2) / 52)
        rate *= kind.per_week * (1 + kind.season * np.cos(2 * np.pi * (week.number - 26) / 52))
        for campaign in campaigns:
            if campaign.theme == kind.theme and 0 <= week.ordinal - campaign.first.ordinal < campaign.weeks:
                if campaign.area_code is None:
                    rate *= campaign.factor
                elif campaign.area_code in number_of:
                    rate[where.area == number_of[campaign.area_code]] *= campaign.factor
        count = rng.poisson(rate)
        address.append(np.repeat(np.arange(n), count))
        day.append(7 * number + rng.choice(7, size=int(count.sum()), p=_DAY_WEIGHTS))
    drawn = np.concatenate(address)
    return _Draws(drawn, np.concatenate(day), np.full(drawn.size, -1, np.intp))


def _planted_draws(
    where: City,
    kind: Kind,
    first: Week,
    weeks: int,
    truth: tuple[Planted, ...],
    rng: np.random.Generator,
) -> _Draws:
    """Draw what the planted hotspots add: evenly over the addresses in reach and over their days."""
    address, day, source = [np.empty(0, np.intp)], [np.empty(0, np.int64)], [np.empty(0, np.intp)]
    for index, spot in enumerate(truth):
        if spot.theme != kind.theme:
            continue
        near = np.flatnonzero(np.hypot(*(where.xy_m - np.array(spot.xy_m)).T) <= spot.radius_m)
        drawn = rng.choice(near, size=spot.incidents)
        start = 7 * (spot.first.ordinal - first.ordinal)
        when = start + rng.integers(7 * spot.weeks, size=spot.incidents)
        kept = (when >= 0) & (when < 7 * weeks)
        address.append(drawn[kept])
        day.append(when[kept])
        source.append(np.full(int(kept.sum()), index, np.intp))
    return _Draws(np.concatenate(address), np.concatenate(day), np.concatenate(source))


def _with_repeats(
    background: _Draws, added: _Draws, share: float, *, last_day: int, rng: np.random.Generator
) -> _Draws:
    """Join background and planted, and let some of the background come back at the same address."""
    back = np.flatnonzero(rng.random(background.day.size) < share)
    day = np.minimum(background.day[back] + rng.integers(_REPEAT_DAYS, size=back.size), last_day)
    return _Draws(
        np.concatenate([background.address, background.address[back], added.address]),
        np.concatenate([background.day, day, added.day]),
        np.concatenate([background.planted, np.full(back.size, -1, np.intp), added.planted]),
    )


def _instants(
    day: NDArray[np.int64],
    peak_hour: float,
    first: Week,
    weeks: int,
    zone: ZoneInfo,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Give each incident a minute of its local day, most around the peak hour and some at any hour."""
    midnight_s = np.array(
        [
            int(dt.datetime.combine(first.monday + dt.timedelta(days=d), dt.time(), zone).timestamp())
            for d in range(7 * weeks + 1)
        ],
        np.int64,
    )
    peaked_s = rng.normal(peak_hour, _PEAK_SPREAD_H, size=day.size) * _HOUR_S % _DAY_S
    even_s = rng.uniform(0, _DAY_S, size=day.size)
    second = np.where(rng.random(day.size) < _PEAKED_SHARE, peaked_s, even_s).astype(np.int64) // 60 * 60
    # The day of the clock change in spring has 23 hours; nothing may slip into the next day.
    instant_s: NDArray[np.int64] = np.minimum(midnight_s[day] + second, midnight_s[day + 1] - 60)
    return instant_s
