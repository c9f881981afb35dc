"""How numbers, shares, days and moments are written for Dutch and for English readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.report.words import DASH, TEXTS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

_MINUS, _HARD = "\u2212", "\u00a0"

_MONTHS: Mapping[str, tuple[str, ...]] = {
    "nl": (
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
    ),
    "en": (
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
    ),
}


def number(value: float | None, language: str, *, decimals: int = 0) -> str:
    """
    Write a number the reader's way.

    Parameters
    ----------
    value
        The number; absent where there is none.
    language
        `nl` or `en`.
    decimals
        Decimals to write.

    Returns
    -------
    str
        The number, or a dash.
    """
    if value is None:
        return DASH
    # Rounded to nothing is written as nothing, without a sign.
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", _MINUS)
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def expectation(value: float | None, language: str) -> str:
    """
    Write an expected count; what is not nothing is not written as nothing.

    Parameters
    ----------
    value
        The count; absent where there is none.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The count with one decimal, `< 0.1`, or a dash.
    """
    half_of_last_decimal = 0.05
    if value is not None and 0 < value < half_of_last_decimal:
        return f"<{_HARD}{number(0.1, language, decimals=1)}"
    return number(value, language, decimals=1)


def percent(share: float | None, language: str) -> str:
    """
    Write a share as a percentage.

    Parameters
    ----------
    share
        0 to 1; absent where there is none.
    language
        `nl` or `en`.

    Returns
    -------
    str
        A whole percentage, or a dash.
    """
    if share is None:
        return DASH
    return f"{number(100 * share, language)}{_HARD if language == 'nl' else ''}%"


def day(date: dt.date, language: str) -> str:
    """
    Write a day with its month and year.

    Parameters
    ----------
    date
        The day.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `16 november 2026`.
    """
    return f"{date.day} {_MONTHS[language][date.month - 1]} {date.year}"


def days(first: dt.date, last: dt.date, language: str) -> str:
    """
    Write a span of days; month and year stand once where they are the same.

    Parameters
    ----------
    first, last
        The ends, both included.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `16 t/m 22 november 2026`.
    """
    start = day(first, language).split()
    if first.year == last.year:
        start = start[:1] if first.month == last.month else start[:2]
    return TEXTS[language]["to"].format(first=" ".join(start), last=day(last, language))


def moment(instant: dt.datetime, language: str) -> str:
    """
    Write a day and an hour.

    Parameters
    ----------
    instant
        The instant, in the reader's own time zone.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `23 november 2026, 05.00 uur`.
    """
    hour = f"{instant:%H.%M}{_HARD}uur" if language == "nl" else f"{instant:%H:%M}"
    return f"{day(instant.date(), language)}, {hour}"
