"""
How grave is an incident? A file of weights says so, and what the police found themselves is never harm.

A weight is how much one incident of a theme or subtheme counts against one of weight 1. Which weights are
right is a choice of the municipality: `default` makes all alike, `example` shows how such a file looks. What
patrols find by themselves (drugs in a search) tells where they looked; it has no weight, whatever its theme.

Reference: Sherman, Neyroud & Neyroud (2016), The Cambridge Crime Harm Index, which leaves proactively
detected offences out for the same reason.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidFile
from hotspot.model import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotspot.model import Hotspot, Incidents, Reports

SUFFIX = ".toml"
"""What tells the name of a file from that of weights that ship with the project."""
_TEXTS = ("name", "version", "source")
_KEYS = (*_TEXTS, "date", "is_example", "weight", "themes")
_THEME_KEYS = ("weight", "subthemes")


@dataclass(frozen=True, slots=True)
class Weights:
    """
    What one incident of each theme and subtheme weighs.

    Parameters
    ----------
    name, version
        Which weights they are.
    date
        The day from which they hold.
    source
        Where they come from, as people read it.
    is_example
        Whether they show the form only and are nobody's policy.
    usual
        Weight of what is named nowhere else.
    by_theme
        Weights of themes.
    by_subtheme
        Weights of subthemes, by theme and subtheme; they go before that of their theme.
    """

    name: str
    version: str
    date: dt.date
    source: str
    is_example: bool
    usual: float
    by_theme: Mapping[str, float]
    by_subtheme: Mapping[tuple[str, str], float]

    @property
    def is_flat(self) -> bool:
        """Whether all weights are 1, so that harm says no more than the count."""
        return {self.usual, *self.by_theme.values(), *self.by_subtheme.values()} == {1.0}

    def of(self, theme: str, subtheme: str) -> float:
        """
        Give the weight of one incident that a citizen made known.

        Parameters
        ----------
        theme, subtheme
            What it is.

        Returns
        -------
        float
            The weight of the subtheme, else of the theme, else the usual one.
        """
        return self.by_subtheme.get((theme, subtheme), self.by_theme.get(theme, self.usual))


def harm(weights: Weights, theme: str, tally: Mapping[tuple[str, str], int]) -> float:
    """
    Add up the harm of incidents of one theme.

    Parameters
    ----------
    weights
        What each weighs.
    theme
        Their theme.
    tally
        How many there are of each subtheme and reporter.

    Returns
    -------
    float
        The sum of their weights; what the police found themselves adds nothing.
    """
    # In one order, so that the sum is the same to the last digit.
    return float(
        sum(
            weights.of(theme, subtheme) * number
            for (subtheme, reporter), number in sorted(tally.items())
            if reporter != Reporter.POLICE
        )
    )


def tallies(
    hotspots: Iterable[Hotspot], incidents: Incidents, reports: Reports
) -> dict[str, Mapping[tuple[str, str], int]]:
    """
    Count each hotspot's incidents by subtheme and reporter.

    Parameters
    ----------
    hotspots
        The hotspots.
    incidents
        Incidents among which are all their members, in any order.
    reports
        How these became known, in the same order.

    Returns
    -------
    dict
        The tally of each hotspot by its id; members that are not among the incidents are left out.
    """
    order = np.argsort(incidents.key, kind="stable")
    keys = incidents.key[order]
    found: dict[str, Mapping[tuple[str, str], int]] = {}
    for hotspot in hotspots:
        members = np.asarray(hotspot.members, np.int64)
        at = np.searchsorted(keys, members)
        known = at < keys.size
        known[known] = keys[at[known]] == members[known]
        rows = order[at[known]]
        pairs = zip(incidents.subtheme[rows].tolist(), reports.reporter[rows].tolist(), strict=True)
        found[hotspot.id] = MappingProxyType(dict(sorted(Counter(pairs).items())))
    return found


def shipped_weights() -> tuple[str, ...]:
    """
    List the weights that ship with the project.

    Returns
    -------
    tuple of str
        Their names, sorted.
    """
    folder = resources.files("geodata") / "weights"
    names = (file.name for file in folder.iterdir() if file.name.endswith(SUFFIX))
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names))


def read_weights(path_or_name: str | Path) -> Weights:
    """
    Read a file of weights.

    Parameters
    ----------
    path_or_name
        Path of a file that ends in `.toml`, or the name of one that ships with the project: `default`.

    Returns
    -------
    Weights
        The weights.

    Raises
    ------
    InvalidFile
        If there is no such file, or it has mistakes; all are named.
    """
    text = str(path_or_name)
    if text.endswith(SUFFIX):
        try:
            content = Path(text).read_bytes()
        except OSError as error:
            raise InvalidFile(
                f"a file of weights is required, got none ({error.strerror})", file=text
            ) from error
    else:
        known = shipped_weights()
        if text not in known:
            raise InvalidFile(
                f"weights are a file that ends in {SUFFIX} or one of {', '.join(known)}, got {text!r}",
                file=text,
            )
        content = (resources.files("geodata") / "weights" / f"{text}{SUFFIX}").read_bytes()
    return parse_weights(content, origin=text)


def parse_weights(content: bytes, *, origin: str) -> Weights:
    """
    Read the content of a file of weights.

    Parameters
    ----------
    content
        TOML in UTF-8: `name`, `version`, `source` (texts), `date`, and if wanted `is_example`, `weight` (of
        what is named nowhere, 1 if absent) and for each theme `[themes.<theme>]` with `weight` and a table
        `subthemes` of weights.
    origin
        Name of the file, for errors.

    Returns
    -------
    Weights
        The weights.

    Raises
    ------
    InvalidFile
        If it is no TOML or has mistakes; all are named, each with its key.
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidFile(f"must be TOML in UTF-8, got: {error}", file=origin) from error
    wrong: list[str] = _unknown(table, _KEYS, "")
    for key in _TEXTS:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            wrong.append(f"{key} must be a text, got {_shown(value)}")
    date = table.get("date")
    if not isinstance(date, dt.date) or isinstance(date, dt.datetime):
        wrong.append(f"date must be a day such as 2026-11-22 without quotes, got {_shown(date)}")
    is_example = table.get("is_example", False)
    if not isinstance(is_example, bool):
        wrong.append(f"is_example must be true or false, got {_shown(is_example)}")
    usual = _weight(table.get("weight", 1.0), "weight", wrong)
    by_theme, by_subtheme = _by_theme(table.get("themes", {}), wrong)
    if wrong:
        raise InvalidFile("; ".join(wrong), file=origin)
    return Weights(
        table["name"],
        table["version"],
        table["date"],
        table["source"],
        table.get("is_example", False),
        usual,
        MappingProxyType(by_theme),
        MappingProxyType(by_subtheme),
    )


def _by_theme(themes: object, wrong: list[str]) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """Read the weights of themes and subthemes; mistakes are noted."""
    by_theme: dict[str, float] = {}
    by_subtheme: dict[tuple[str, str], float] = {}
    for theme, section in _table(themes, "themes", wrong).items():
        path = f"themes.{theme}"
        read = _table(section, path, wrong)
        wrong += _unknown(read, _THEME_KEYS, f"{path}.")
        if "weight" in read:
            by_theme[theme] = _weight(read["weight"], f"{path}.weight", wrong)
        for subtheme, value in _table(read.get("subthemes", {}), f"{path}.subthemes", wrong).items():
            by_subtheme[theme, subtheme] = _weight(value, f"{path}.subthemes.{subtheme}", wrong)
    return by_theme, by_subtheme


def _table(value: object, path: str, wrong: list[str]) -> dict[str, object]:
    """Take a table; anything else is noted and read as an empty one."""
    if isinstance(value, dict):
        return value
    wrong.append(f"{path} must be a table, got {_shown(value)}")
    return {}


def _weight(value: object, path: str, wrong: list[str]) -> float:
    """Take a weight; anything else is noted and read as 1."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
        return float(value)
    wrong.append(f"{path} must be a number of at least 0, got {_shown(value)}")
    return 1.0


def _unknown(table: Mapping[str, object], keys: Sequence[str], path: str) -> list[str]:
    """Name the keys that mean nothing: a slip of the pen would otherwise weigh nothing."""
    return [f"{path}{key} must be one of {', '.join(keys)}" for key in table if key not in keys]


def _shown(value: object) -> str:
    """Show what came."""
    return "nothing" if value is None else repr(value)
