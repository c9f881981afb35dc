"""What each area had of each theme in a published week, and what was expected; for the internal level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import insert, select

from hotspot.geojson import number
from hotspot.store import tables
from hotspot.store.publications import served_statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from hotspot.editions import Edition
    from hotspot.weeks import Week

DECIMALS = 4
"""Decimals of ratios and expectations: those of the list."""

_PUBLICATION = tables.publications.c
_FIGURE = tables.area_figures.c


class Tested(Protocol):
    """One theme in one area as the search for rises tested it; see `hotspot.rises.Rise`."""

    @property
    def theme(self) -> str:
        """The theme."""

    @property
    def area(self) -> str:
        """Code of the area."""

    @property
    def observed(self) -> int:
        """Events of the week."""

    @property
    def expected(self) -> float:
        """What season and past weeks lead to expect."""

    @property
    def ratio(self) -> float:
        """The week's rate divided by the expected one."""

    @property
    def ratio_lower(self) -> float:
        """Lower end of its interval."""

    @property
    def ratio_upper(self) -> float:
        """Upper end of it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """
    One theme in one area in one week.

    Parameters
    ----------
    observed
        Events of the week.
    expected
        Events that season and past weeks lead to expect; absent where that is no number.
    ratio, ratio_lower, ratio_upper
        The week's rate divided by the expected one, and its 95 % interval; absent likewise.
    """

    observed: int
    expected: float | None
    ratio: float | None
    ratio_lower: float | None
    ratio_upper: float | None


def write(connection: Connection, edition: Edition, tested: Iterable[Tested]) -> None:
    """
    Write the figures of an edition, unless they are written.

    Parameters
    ----------
    connection
        The open transaction, the one in which the edition was written.
    edition
        The edition.
    tested
        One per theme and area.
    """
    publication_id = connection.scalar(
        select(_PUBLICATION.id).where(
            _PUBLICATION.week == str(edition.week), _PUBLICATION.number == edition.number
        )
    )
    is_written = select(_FIGURE.area_code).where(_FIGURE.publication_id == publication_id).limit(1)
    if connection.execute(is_written).first() is not None:
        return
    rows = [
        {
            "publication_id": publication_id,
            "theme": one.theme,
            "area_code": one.area,
            "observed": one.observed,
            "expected": number(one.expected, DECIMALS),
            "ratio": number(one.ratio, DECIMALS),
            "ratio_lower": number(one.ratio_lower, DECIMALS),
            "ratio_upper": number(one.ratio_upper, DECIMALS),
        }
        for one in sorted(tested, key=lambda one: (one.theme, one.area))
    ]
    if rows:
        connection.execute(insert(tables.area_figures), rows)


def figures(
    connection: Connection, week: Week, theme: str, *, edition: int | None = None
) -> dict[str, Figures]:
    """
    Read what the areas had of a theme in a week.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.
    theme
        The theme.
    edition
        Number of the edition; absent for the newest.

    Returns
    -------
    dict of Figures
        By code of the area; empty where the week or the theme was not tested, or was published before this
        was written.
    """
    statement = select(
        _FIGURE.area_code,
        _FIGURE.observed,
        _FIGURE.expected,
        _FIGURE.ratio,
        _FIGURE.ratio_lower,
        _FIGURE.ratio_upper,
    ).where(_FIGURE.publication_id.in_(served_statement(week, edition)), _FIGURE.theme == theme)
    return {row.area_code: Figures(*row[1:]) for row in connection.execute(statement)}
