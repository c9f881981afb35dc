"""
Where did a theme rise this week by more than chance? Alarms for neighbourhoods and city, with few false ones.

Question: did an area have more incidents of a theme this week than its season and its past weeks lead to
expect?
Null: the week is drawn from the area's `expectation`, a negative binomial that knows season, trend and level
only as well as the weeks before tell them.
Cost: that of the expectation.
Reference: Benjamini & Hochberg (1995), Controlling the false discovery rate; Noufaily et al. (2013), An
improved algorithm for outbreak detection; Hutwagner et al. (2003) for EARS; Page (1954) for CUSUM.

Only the exceedance decides about an alarm, over all areas and themes at once. The EARS and CUSUM charts stand
beside it as information: they see a rise that has lasted for weeks, but their false alarms are not bounded.
A rise of the whole city is an alarm of the city's row; a neighbourhood is judged against its own past, and of
an alarm it is told whether it rose more than the city did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import betaincinv

from hotspot.errors import InvalidParameter
from hotspot.expectation import LEAST_STEPS, ROOT, expectation
from hotspot.model import Label, Level
from hotspot.stats.counts import CONFIDENCE, open_share, whole
from hotspot.stats.cusum import cusum
from hotspot.stats.ears import BASELINE_WEEKS, c1, c2, c3
from hotspot.stats.fdr import benjamini_hochberg
from hotspot.stats.rates import RelativeRisk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotspot.expectation import Expectation
    from hotspot.model import Area

Chart = Literal["c1", "c2", "c3", "none"]
"""Which EARS chart alarms: the one that needs the least history where several do."""

FALSE_SHARE = 0.1
"""Share of false alarms among all that is accepted (METHODS 2.7)."""

LEAST_EVENTS = 10
"""Incidents of a theme that the city needs in the year before: fewer tell nothing of a neighbourhood."""

BEYOND_CITY = 0.05
"""Level at which a neighbourhood is said to rise more than the city; information, not an alarm."""

_YEAR_WEEKS = 52
_CHART_WEEKS = BASELINE_WEEKS + 5
"""What C3 looks at: a baseline, a guard band of two weeks, and three weeks to add up."""
_LEAST_SIGMA = 1.0
"""Incidents: without it EARS alarms at any first incident after seven empty weeks."""


@dataclass(frozen=True, slots=True)
class Rise:
    """
    One theme in one area, as it was tested this week; `is_alarm` says whether it rose beyond chance.

    Parameters
    ----------
    theme
        The theme.
    area, area_name, level
        Code, name and level of the area.
    observed
        Events of this week.
    expected
        What season and past weeks lead to expect.
    ratio, ratio_lower, ratio_upper
        This week's rate divided by the expected one, with its 95 % interval; it allows for what is not known
        of the expectation. How uneven weeks are by themselves is not: for that look at `p_value`.
    p_value
        Chance of at least so many events, if nothing changed.
    q_value
        Adjusted for all tests of the week (Benjamini & Hochberg).
    is_alarm
        Whether `q_value` is at most q.
    ears
        The EARS chart that alarms, for information.
    cusum
        Whether the cumulative sum of the last twelve weeks alarms, for information.
    beyond_city
        Whether the area also lies above its expectation times the city's rise; absent for the city itself.
    said
        All that as a sentence.
    """

    theme: str
    area: str
    area_name: str
    level: Level
    observed: int
    expected: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    p_value: float
    q_value: float
    is_alarm: bool
    ears: Chart
    cusum: bool
    beyond_city: bool | None
    said: Label


@dataclass(frozen=True, slots=True)
class Alarms:
    """
    The alarms of one week.

    Parameters
    ----------
    q
        Share of false alarms among all alarms that is accepted.
    tests
        Areas times themes that were tested.
    threshold
        Largest p-value that made an alarm; 0 without any.
    expected_false
        False alarms to be expected at this threshold: `tests` times `threshold`, at most q times the alarms.
    rows
        One per test, alarms first: by p-value, then by theme, level and area.
    untested
        Themes with too little data for any test, in alphabetical order.
    said
        How sure the alarms are, or why there was no test.
    """

    q: float
    tests: int
    threshold: float
    expected_false: float
    rows: tuple[Rise, ...]
    untested: tuple[str, ...]
    said: Label

    @property
    def alarms(self) -> tuple[Rise, ...]:
        """Those that rose beyond chance."""
        return tuple(row for row in self.rows if row.is_alarm)


def alarms(
    counts: NDArray[np.int64],
    themes: Sequence[str],
    areas: Sequence[Area],
    *,
    labels: Mapping[str, Label],
    q: float = FALSE_SHARE,
) -> Alarms:
    """
    Test every theme in every area for a rise in the last week.

    Parameters
    ----------
    counts
        Events by theme, area and week, oldest week first and the judged one last, shape (themes, areas,
        weeks). Weeks without events are zeros.
    themes
        Names of the themes.
    areas
        The municipality and its neighbourhoods, in any order; the row of the municipality counts all events,
        also those in no neighbourhood.
    labels
        How people read the themes; those without a label are read by their names.
    q
        Share of false alarms among all alarms that is accepted.

    Returns
    -------
    Alarms
        With no test where the weeks before are fewer than eight.

    Raises
    ------
    InvalidParameter
        If the shapes do not fit or there is not exactly one municipality.
    """
    share = open_share(q, name="q")
    observed = whole(counts, name="counts")
    city = [index for index, area in enumerate(areas) if area.level is Level.MUNICIPALITY]
    if len(city) != 1:
        raise InvalidParameter(f"areas must hold one municipality, got {len(city)}")
    if observed.ndim != 3 or observed.shape[:2] != (len(themes), len(areas)):  # noqa: PLR2004 (three axes)
        raise InvalidParameter(
            f"counts must be {len(themes)} themes by {len(areas)} areas by weeks, got {observed.shape}"
        )
    before = observed[:, city[0], :-1]
    enough = (before[:, -_YEAR_WEEKS:].sum(axis=1) >= LEAST_EVENTS) & (before.shape[1] >= LEAST_STEPS)
    # Themes and areas in an order of their own: the same input in any order gives the same bits.
    chosen = sorted(np.flatnonzero(enough).tolist(), key=lambda index: themes[index])
    order = [city[0], *sorted(set(range(len(areas))) - set(city), key=lambda index: areas[index].code)]
    untested = tuple(sorted(set(themes) - {themes[index] for index in chosen}))
    if not chosen:
        return Alarms(share, 0, 0.0, 0.0, (), untested, _nothing_tested())
    tested = observed[np.ix_(np.array(chosen), np.array(order))]
    rows = _rows(
        tested, [themes[index] for index in chosen], [areas[index] for index in order], labels, share
    )
    made = [row.p_value for row in rows if row.is_alarm]
    threshold = max(made, default=0.0)
    false = threshold * len(rows)
    return Alarms(
        share, len(rows), threshold, false, rows, untested, _how_sure(len(made), len(rows), false, share)
    )


def ratios(
    observed: NDArray[np.float64], found: Expectation, *, confidence: float = CONFIDENCE
) -> RelativeRisk:
    """
    Divide this week's counts by what was expected, with the interval of the ratio of both rates.

    Parameters
    ----------
    observed
        Counts of the judged week, shape (n,).
    found
        What was expected.
    confidence
        Least coverage of the interval.

    Returns
    -------
    RelativeRisk
        Arrays of shape (n,). Exact given the sum of the count and of the events behind the expectation
        (Clopper & Pearson 1934, on the share of the count in that sum).
    """
    outside = (1.0 - open_share(confidence, name="confidence")) / 2.0
    scale = found.events / found.expected
    some = np.maximum(observed, 1.0)
    low = np.where(observed > 0, betaincinv(some, found.events + 1.0, outside), 0.0)
    high = betaincinv(observed + 1.0, found.events, 1.0 - outside)
    # Where all odds are on the count, its share rounds to 1.
    odds = high / np.maximum(1.0 - high, 1e-12)
    return RelativeRisk(observed / found.expected, low / (1.0 - low) * scale, odds * scale)


def _rows(
    tested: NDArray[np.float64],
    themes: Sequence[str],
    areas: Sequence[Area],
    labels: Mapping[str, Label],
    q: float,
) -> tuple[Rise, ...]:
    """Judge all series and put the least likely first; each theme's city comes first in the input."""
    n_areas = len(areas)
    series = tested.reshape(-1, tested.shape[-1])
    city = np.repeat(np.arange(len(themes)) * n_areas, n_areas)
    is_city = np.arange(len(series)) == city
    found = expectation(series[:, :-1], within=np.where(is_city, ROOT, city))
    count = series[:, -1]
    p_value = found.at_least(count)
    q_value = benjamini_hochberg(p_value)
    ratio = ratios(count, found)
    in_city = found.at_least(count, times=np.maximum(ratio.risk[city], 1.0))
    ears, sums = _charts(series, found)
    rows = []
    for index, (theme, area) in enumerate((theme, area) for theme in themes for area in areas):
        beyond = None if is_city[index] else bool(in_city[index] <= BEYOND_CITY)
        alarm = bool(q_value[index] <= q)
        city_rises = not is_city[index] and bool(q_value[city[index]] <= q)
        rows.append(
            Rise(
                theme=theme,
                area=area.code,
                area_name=area.name,
                level=area.level,
                observed=int(count[index]),
                expected=float(found.expected[index]),
                ratio=float(ratio.risk[index]),
                ratio_lower=float(ratio.lower[index]),
                ratio_upper=float(ratio.upper[index]),
                p_value=float(p_value[index]),
                q_value=float(q_value[index]),
                is_alarm=alarm,
                ears=ears[index],
                cusum=bool(sums[index]),
                beyond_city=beyond,
                said=_said(
                    labels.get(theme, Label(theme, theme)),
                    area,
                    int(count[index]),
                    float(found.expected[index]),
                    is_alarm=alarm,
                    beyond_city=beyond if city_rises else None,
                ),
            )
        )
    return tuple(
        sorted(rows, key=lambda row: (row.p_value, row.theme, row.level != Level.MUNICIPALITY, row.area))
    )


def _charts(series: NDArray[np.float64], found: Expectation) -> tuple[list[Chart], NDArray[np.bool_]]:
    """Read the EARS and CUSUM charts of the judged week."""
    last = series[:, -_CHART_WEEKS:]
    on = [chart(last, min_sigma=_LEAST_SIGMA).alarm[:, -1] for chart in (c1, c2, c3)]
    names: tuple[Chart, ...] = ("c1", "c2", "c3")
    ears: list[Chart] = [
        next((name for name, alarm in zip(names, row, strict=True) if alarm), "none")
        for row in zip(*on, strict=True)
    ]
    weekly = np.column_stack([found.history, found.expected])[:, -last.shape[1] :]
    return ears, cusum(last[:, -weekly.shape[1] :], expected=weekly, transform="rossi").alarm[:, -1]


def _said(
    theme: Label, area: Area, observed: int, expected: float, *, is_alarm: bool, beyond_city: bool | None
) -> Label:
    """Say one row in words; `beyond_city` only where the city rises too."""
    whole_city = area.level is Level.MUNICIPALITY
    where_nl, where_en = (
        (f"heel {area.name}", f"all of {area.name}") if whole_city else (area.name, area.name)
    )
    usual_nl, usual_en = _about(expected)
    if not is_alarm:
        return Label(
            nl=f"Geen alarm voor {_inside(theme.nl)} in {where_nl}: "
            f"{observed} deze week, {usual_nl} verwacht.",
            en=f"No alarm for {_inside(theme.en)} in {where_en}: {observed} this week, {usual_en} expected.",
        )
    nl = f"Meer {_inside(theme.nl)} in {where_nl}: {observed} deze week, {usual_nl} verwacht."
    en = f"More {_inside(theme.en)} in {where_en}: {observed} this week, {usual_en} expected."
    if beyond_city is None:
        return Label(nl, en)
    if beyond_city:
        return Label(
            f"{nl} De hele gemeente stijgt, maar hier is de stijging groter.",
            f"{en} The whole municipality rises, but here the rise is larger.",
        )
    return Label(
        f"{nl} De hele gemeente stijgt; hier is de stijging niet duidelijk groter.",
        f"{en} The whole municipality rises; here the rise is not clearly larger.",
    )


def _how_sure(made: int, tests: int, false: float, q: float) -> Label:
    """Say how many alarms there are and how many of them are false by expectation."""
    wrong_nl, wrong_en = _about(false)
    percent = f"{100 * q:g}"
    alarms_nl, alarms_en = ("1 alarm", "1 alarm") if made == 1 else (f"{made} alarmen", f"{made} alarms")
    rule_nl = f"Van alle alarmen is naar verwachting hooguit {percent.replace('.', ',')}\u00a0% vals"
    rule_en = f"Of all alarms at most {percent}% is expected to be false"
    if made == 0:
        return Label(
            nl=f"Geen alarm bij {tests} toetsen. {rule_nl}.", en=f"No alarm in {tests} tests. {rule_en}."
        )
    return Label(
        nl=f"{alarms_nl} bij {tests} toetsen. {rule_nl}; deze week {wrong_nl}.",
        en=f"{alarms_en} in {tests} tests. {rule_en}; this week {wrong_en}.",
    )


def _nothing_tested() -> Label:
    """Say why there is no test."""
    return Label(
        nl=f"Niet getoetst: daarvoor zijn {LEAST_STEPS} eerdere weken en {LEAST_EVENTS} incidenten nodig.",
        en=f"Not tested: that needs {LEAST_STEPS} earlier weeks and {LEAST_EVENTS} incidents.",
    )


def _about(number: float) -> tuple[str, str]:
    """Write an expected number with one decimal, in Dutch and in English."""
    if number < 0.1:  # noqa: PLR2004 (what one decimal can show)
        return "minder dan 0,1", "fewer than 0.1"
    text = f"{number:.1f}"
    return text.replace(".", ","), text


def _inside(name: str) -> str:
    """Write a theme's name as it stands inside a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
