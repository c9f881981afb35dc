"""
What may be seen at which level: the numbers of the rules with their bounds, and what is sensitive.

The reasons stand in `docs/disclosure.md`. A rule is a value: the same rules and the same internal publication
give the same bytes at every level.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from hotspot.catalogue import Disclosure
from hotspot.errors import InvalidFile, InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FINEST_GRID_M = 125
"""Sides of all squares are this times a power of two, in metres: each lies in one of the next size."""

COARSEST_GRID_M = 1_000
"""Side of the squares in which counting begins, in metres; what has too few here is nowhere."""

MOST_STEPS = 100
"""Bound of what may be set as a count, so that a slip of the pen does not hide everything."""


def grid_sizes_m(finest_m: int) -> tuple[int, ...]:
    """
    List the sides of the nested squares.

    Parameters
    ----------
    finest_m
        The smallest.

    Returns
    -------
    tuple of int
        Metres, ascending, each twice the one before.

    Examples
    --------
    >>> grid_sizes_m(250)
    (250, 500, 1000)
    """
    sizes_m = [finest_m]
    while sizes_m[-1] < COARSEST_GRID_M:
        sizes_m.append(2 * sizes_m[-1])
    return tuple(sizes_m)


@dataclass(frozen=True, slots=True)
class LevelRules:
    """
    What may be seen at one level.

    Parameters
    ----------
    least_incidents
        Incidents on which whatever is shown rests at the least, 2 to 100. A square or a row with fewer is
        absent, one with none as well: absence must not tell which.
    least_places
        Distinct addresses on which it rests at the least, 2 to 100.
    grid_m
        Side of the finest squares, in metres: 125 times a power of two, up to 1,000.
    least_cells
        Squares that a hotspot covers at the least, 1 to 4; one with fewer is given those of the next size.
    step
        Counts of squares are rounded down to a multiple of it, 1 to 100; 1 tells them exactly. What is told
        as n stands for n up to n + step - 1.
    allows_pile_up
        Whether hotspots and squares of which one address holds more than half are shown.
    sensitive_by_district
        Whether hotspots of sensitive themes are told by district only.
    """

    least_incidents: int
    least_places: int
    grid_m: int
    least_cells: int
    step: int
    allows_pile_up: bool
    sensitive_by_district: bool

    def __post_init__(self) -> None:
        for name, least in (("least_incidents", 2), ("least_places", 2), ("step", 1)):
            value = getattr(self, name)
            if not least <= value <= MOST_STEPS:
                raise InvalidParameter(f"{name} must be {least} to {MOST_STEPS}, got {value}")
        if not 1 <= self.least_cells <= 4:  # noqa: PLR2004 -- a square of the next size holds four.
            raise InvalidParameter(f"least_cells must be 1 to 4, got {self.least_cells}")
        if self.grid_m not in grid_sizes_m(FINEST_GRID_M):
            sizes = ", ".join(map(str, grid_sizes_m(FINEST_GRID_M)))
            raise InvalidParameter(f"grid_m must be one of {sizes}, got {self.grid_m}")
        if self.step > self.least_incidents:
            # A count could otherwise be rounded to zero.
            raise InvalidParameter(
                f"step must be at most least_incidents, which is {self.least_incidents}, got {self.step}"
            )


OPEN = LevelRules(
    least_incidents=5,
    least_places=5,
    grid_m=250,
    least_cells=2,
    step=5,
    allows_pile_up=False,
    sensitive_by_district=True,
)
"""What everybody may see: no counts of 1 to 4, multiples of five, squares of 250 m."""

PARTNER = LevelRules(
    least_incidents=3,
    least_places=3,
    grid_m=125,
    least_cells=2,
    step=1,
    allows_pile_up=True,
    sensitive_by_district=False,
)
"""What partners may see: at least three incidents and three addresses, squares of 125 m."""


@dataclass(frozen=True, slots=True)
class Rules:
    """
    The rules of all levels below the internal one.

    Parameters
    ----------
    open, partner
        The rules of each; those of everybody are nowhere milder than those of partners.
    period_weeks
        Length of the periods in which squares count, 13 to 52 weeks. Periods never overlap.
    lag_weeks
        Weeks between the end of a period and the first list that tells it, 1 to 13; what is reported later is
        not counted in it, so that a period once told stays as it was.
    sensitive_themes, sensitive_subthemes
        Names of what is told by district at the finest.
    """

    open: LevelRules = OPEN
    partner: LevelRules = PARTNER
    period_weeks: int = 13
    lag_weeks: int = 4
    sensitive_themes: frozenset[str] = field(default_factory=frozenset)
    sensitive_subthemes: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not 13 <= self.period_weeks <= 52:  # noqa: PLR2004 -- a quarter and a year.
            raise InvalidParameter(f"period_weeks must be 13 to 52, got {self.period_weeks}")
        if not 1 <= self.lag_weeks <= 13:  # noqa: PLR2004 -- a quarter.
            raise InvalidParameter(f"lag_weeks must be 1 to 13, got {self.lag_weeks}")
        for name in ("least_incidents", "least_places", "grid_m", "step"):
            mild, strict = getattr(self.partner, name), getattr(self.open, name)
            if strict < mild:
                raise InvalidParameter(
                    f"{name} of open must be at least that of partner, {mild}, got {strict}"
                )

    def of(self, level: Disclosure) -> LevelRules:
        """
        Give the rules of a level.

        Parameters
        ----------
        level
            A level below the internal one.

        Returns
        -------
        LevelRules
            Its rules.

        Raises
        ------
        InvalidParameter
            For the internal level, which has none.
        """
        if level is Disclosure.INTERNAL:
            raise InvalidParameter("the internal level has no rules: it is the publication itself")
        return self.open if level is Disclosure.OPEN else self.partner


def read_rules(path: Path | None = None) -> Rules:
    """
    Read what is sensitive and put it into the usual rules.

    Parameters
    ----------
    path
        A TOML file with lists `subthemes` and `themes`; the shipped one if absent.

    Returns
    -------
    Rules
        The rules.

    Raises
    ------
    InvalidFile
        If the file cannot be read as such.
    """
    try:
        content = (_shipped() if path is None else path.read_bytes()).decode()
        told = tomllib.loads(content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidFile(f"a list of what is sensitive is a TOML file: {error}", file=str(path)) from error
    unknown = sorted(set(told) - {"subthemes", "themes"})
    if unknown:
        raise InvalidFile(
            f"a list of what is sensitive has subthemes and themes, got {unknown}", file=str(path)
        )
    return Rules(
        sensitive_themes=_names(told, "themes", path),
        sensitive_subthemes=_names(told, "subthemes", path),
    )


def _shipped() -> bytes:
    """Read the list that ships."""
    return (resources.files("geodata") / "sensitive.toml").read_bytes()


def _names(told: Mapping[str, object], key: str, path: Path | None) -> frozenset[str]:
    """Take a list of names."""
    names = told.get(key)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidFile(f"{key} must be a list of names, got {names!r}", file=str(path))
    return frozenset(names)
