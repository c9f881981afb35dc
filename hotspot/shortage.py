"""
What a test lacks, said in plain words in both languages: no list is made from too little data.

A week without enough data must not look like a week without hotspots: a reader of the map would take the
silence for peace.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.model import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.model import Parameters
    from hotspot.sample import Coverage, Sample
    from hotspot.weeks import Week

MIN_BASELINE_WEEKS = 8
"""Weeks of past without which 'more than before' means nothing; also the lower bound of the setting."""
_NO_CHANCE = 100.0
"""Logarithm of a number of ways from which one of them is beyond any alpha: an exact number of thousands of
digits takes longer than a search."""
MAX_UNDATED_SHARE = 0.5
"""Part of a theme's incidents without a usable date above which its weeks cannot be told."""


@dataclass(frozen=True, slots=True)
class Periods:
    """
    How many weeks of the window and of the baseline the data really cover.

    Parameters
    ----------
    week
        Last week of the window.
    covered
        Weeks in which the data run; absent if there are none.
    window_weeks, baseline_weeks
        Weeks of the two periods within them.
    """

    week: Week
    covered: Coverage | None
    window_weeks: int
    baseline_weeks: int

    @property
    def weeks(self) -> int:
        """Weeks of both."""
        return self.window_weeks + self.baseline_weeks


def coarse_dates(dated: NDArray[np.bool_], *, window_weeks: int) -> Label:
    """
    Explain why the weeks of a theme cannot be told.

    Parameters
    ----------
    dated
        Which of its incidents are dated well enough, shape (n,).
    window_weeks
        Weeks of the window.

    Returns
    -------
    Label
        A sentence.
    """
    undated = int(np.count_nonzero(~dated))
    share, most = undated / dated.size, MAX_UNDATED_SHARE
    return Label(
        nl=(
            f"een weeklijst vraagt incidenten met een dag: van {undated} van de {dated.size} ({share:.0%}) "
            f"is alleen de maand bekend of een tijdvak van meer dan {window_weeks} weken, en dat mag hooguit "
            f"{most:.0%} zijn"
        ),
        en=(
            f"a weekly list needs incidents dated to the day: {undated} of {dated.size} ({share:.0%}) are "
            f"dated to the month only or to an interval of more than {window_weeks} weeks, and at most "
            f"{most:.0%} may be"
        ),
    )


def shortage(periods: Periods, events: Sample, parameters: Parameters) -> Label | None:
    """
    Say what a test lacks.

    Parameters
    ----------
    periods
        The weeks that the data cover.
    events
        The theme's events in these weeks.
    parameters
        What the detection is told.

    Returns
    -------
    Label or None
        A sentence; None if nothing is lacking.
    """
    missing = _missing_weeks(periods, parameters)
    return missing if missing is not None else _too_few(periods, events, parameters)


def _missing_weeks(periods: Periods, parameters: Parameters) -> Label | None:
    """Say which weeks the data do not cover."""
    first, last = periods.week.plus(1 - parameters.window_weeks), periods.week
    covered = periods.covered
    if covered is None:
        return Label(
            nl=f"er zijn geen incidenten in de weken tot en met {last}",
            en=f"there are no incidents in the weeks up to {last}",
        )
    if periods.window_weeks < parameters.window_weeks:
        return Label(
            nl=(
                f"in deze periode lopen de gegevens van {covered.first} tot en met {covered.last} en "
                f"beslaan {first} tot en met {last} dus niet helemaal"
            ),
            en=(
                f"within this period the data run from {covered.first} to {covered.last}, "
                f"which leaves out some of {first} to {last}"
            ),
        )
    if periods.baseline_weeks < MIN_BASELINE_WEEKS:
        return Label(
            nl=(
                f"er liggen maar {periods.baseline_weeks} weken met gegevens voor {first}; om meer dan "
                f"eerder van net als eerder te onderscheiden zijn er {MIN_BASELINE_WEEKS} nodig"
            ),
            en=(
                f"only {periods.baseline_weeks} weeks of data lie before {first}; telling more than before "
                f"from as before takes {MIN_BASELINE_WEEKS}"
            ),
        )
    return None


def _too_few(periods: Periods, events: Sample, parameters: Parameters) -> Label | None:
    """Say that no place could stand out, however full it were."""
    first, last = periods.week.plus(1 - parameters.window_weeks), periods.week
    n_window, n_total = events.events(within_weeks=parameters.window_weeks), events.events()
    needed = parameters.min_incidents
    if n_window < needed:
        return Label(
            nl=f"{n_window} voorvallen in {first} tot en met {last}; één hotspot vraagt er al {needed}",
            en=f"{n_window} events in {first} to {last}; one hotspot alone takes {needed}",
        )
    # If even all of them at one place without a past would be no surprise, no test can show anything. With
    # fewer of them at one place the search itself finds the p-value large: that is a result.
    if _log_ways(n_total, n_window) > _NO_CHANCE:
        return None
    chance = 1 / math.comb(n_total, n_window)
    if chance > parameters.alpha:
        return Label(
            nl=(
                f"{n_window} van alle {n_total} voorvallen liggen in {first} tot en met {last}: met zo "
                f"weinig verleden valt eerder niet van nu te onderscheiden (kans {chance:.2f})"
            ),
            en=(
                f"{n_window} of all {n_total} events lie in {first} to {last}: with so little past nothing "
                f"tells then from now (chance {chance:.2f})"
            ),
        )
    return None


def _log_ways(n: int, chosen: int) -> float:
    """Give the logarithm of the number of ways to choose some of n, to about ten digits."""
    return math.lgamma(n + 1) - math.lgamma(chosen + 1) - math.lgamma(n - chosen + 1)
