"""Hours as drawings: the 24 hours of a hotspot in a strip, and the week of a page as a small heat map."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from hotspot.report import look
from hotspot.report.plan import FONT
from hotspot.report.words import DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOURS = 24
_BAR_PX, _STRIP_PX = 6.0, 22.0
"""Width of an hour and height of the strip."""
_CELL_PX, _ROW_PX, _LEFT_PX, _TOP_PX = 15.0, 14.0, 30.0, 4.0
"""Size of an hour in the heat map, room for the days at its left and above it."""
_TICKS = (0, 6, 12, 18, 24)


def strip(hours: Sequence[Sequence[float]], *, peak: tuple[int, int] | None, title: str) -> str:
    """
    Draw the hours of a day as bars.

    Parameters
    ----------
    hours
        Incidents by weekday and hour, shape (7, 24).
    peak
        First hour and length of the window that is named; absent where none is.
    title
        What it shows, for those who cannot see it.

    Returns
    -------
    str
        SVG.
    """
    day = [sum(of_day[hour] for of_day in hours) for hour in range(_HOURS)]
    most = max(day) or 1.0
    named = set() if peak is None else {(peak[0] + step) % _HOURS for step in range(peak[1])}
    width_px, base_px = _HOURS * _BAR_PX, _STRIP_PX - 3
    bars = []
    for hour, count in enumerate(day):
        high_px = base_px * count / most
        ink = look.HEAT[-1] if hour in named else look.HEAT[3]
        if high_px > 0.2:  # noqa: PLR2004 -- less than a printer shows.
            bars.append(
                f'<rect x="{hour * _BAR_PX + 0.6:.1f}" y="{base_px - high_px:.2f}" '
                f'width="{_BAR_PX - 1.2:.1f}" height="{high_px:.2f}" fill="{ink}"/>'
            )
    ticks = "".join(
        f'<rect x="{min(hour * _BAR_PX, width_px - 0.8):.1f}" y="{base_px:.1f}" width="0.8" height="3" '
        f'fill="{look.SOFT_INK}"/>'
        for hour in _TICKS
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_px:g} {_STRIP_PX:g}" role="img">'
        f"<title>{html.escape(title)}</title>{''.join(bars)}"
        f'<rect y="{base_px:.1f}" width="{width_px:g}" height="0.7" fill="{look.SOFT_INK}"/>{ticks}</svg>'
    )


def week(hours: Sequence[Sequence[float]], *, language: str, title: str) -> str:
    """
    Draw the hours of a week as a heat map, Monday at the top.

    Parameters
    ----------
    hours
        Incidents by weekday and hour, shape (7, 24).
    language
        `nl` or `en`, for the days.
    title
        What it shows, for those who cannot see it.

    Returns
    -------
    str
        SVG.
    """
    most = max(max(of_day) for of_day in hours) or 1.0
    last = len(look.HEAT) - 1
    cells, days = [], []
    for place, (name, of_day) in enumerate(zip(DAYS[language], hours, strict=True)):
        top = _TOP_PX + place * _ROW_PX
        days.append(
            f'<text x="{_LEFT_PX - 6:g}" y="{top + 10.5:.1f}" text-anchor="end">{html.escape(name)}</text>'
        )
        for hour, count in enumerate(of_day):
            # What happened at all is never drawn as nothing.
            step = 0 if count <= 0 else max(1, round(last * count / most))
            cells.append(
                f'<rect x="{_LEFT_PX + hour * _CELL_PX:g}" y="{top:g}" width="{_CELL_PX - 1:g}" '
                f'height="{_ROW_PX - 1:g}" fill="{look.HEAT[step]}"/>'
            )
    bottom = _TOP_PX + len(hours) * _ROW_PX + 11
    ticks = "".join(
        f'<text x="{_LEFT_PX + hour * _CELL_PX:g}" y="{bottom:g}" text-anchor="middle">{hour}</text>'
        for hour in _TICKS
    )
    width_px = _LEFT_PX + _HOURS * _CELL_PX + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_px:g} {bottom + 4:g}" '
        f'font-family="{FONT}" font-size="12" fill="{look.SOFT_INK}" role="img">'
        f"<title>{html.escape(title)}</title>{''.join(cells)}{''.join(days)}{ticks}</svg>"
    )
