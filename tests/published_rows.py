"""Registers made up for the surface, and what levels below the internal one see of weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotspot.disclosure.density import cells_of
from hotspot.disclosure.rules import Rules
from hotspot.model import Incidents, Reports
from hotspot.rows import ABSENT_S
from hotspot.tally import ledger
from hotspot.weeks import Week
from tests import factories
from tests.small_town import ZONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotspot.catalogue import Disclosure
    from hotspot.disclosure.density import CellRow
    from hotspot.tally import Ledger

FIRST = Week.from_ordinal(13 * 220)
"""A week in which a period begins."""
RULES = Rules(sensitive_subthemes=frozenset({"robbery"}))
_NOON_S = 12 * 3600


def register(
    xy_m: NDArray[np.float64],
    week: NDArray[np.int64],
    *,
    theme: str | Sequence[str] = "theft",
    subtheme: str | Sequence[str] = "bicycle",
    reported_s: NDArray[np.int64] | None = None,
) -> Ledger:
    """Incidents at places, by weeks after `FIRST`."""
    n = len(xy_m)
    days = np.arange(n) % 7
    monday_s = int(FIRST.bounds(ZONE)[0].timestamp())
    # An hour of summer time more or less moves nothing that happens at noon into another week.
    started_s = monday_s + (np.asarray(week) * 7 + days) * 86_400 + _NOON_S
    incidents = Incidents(
        key=np.arange(n),
        xy_m=np.asarray(xy_m, np.float64),
        started_s=started_s,
        ended_s=started_s,
        precision=factories.texts(["minute"] * n),
        theme=factories.texts([theme] * n if isinstance(theme, str) else theme),
        subtheme=factories.texts([subtheme] * n if isinstance(subtheme, str) else subtheme),
        neighbourhood=factories.texts(["BU01"] * n),
    )
    told_s = np.full(n, ABSENT_S, np.int64) if reported_s is None else reported_s
    reports = Reports(told_s, factories.texts(["citizen"] * n), factories.texts([None] * n))
    return ledger(incidents, reports, window_weeks=4, zone=ZONE)


def seen(book: Ledger, week: Week, level: Disclosure, *themes: str, rules: Rules = RULES) -> list[CellRow]:
    """The rows of a week."""
    chosen = themes or ("theft",)
    return list(cells_of(week, book, level, themes=chosen, city_m2=16e6, zone=ZONE, rules=rules))
