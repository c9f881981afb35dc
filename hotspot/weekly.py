"""
The weekly list: the rows of all themes, and what the week says beside them.

Composes the methods and adds none; reads no file, clock or table. The same detections, incidents and past
give the same list, to the last bit.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hotspot import lateness, ranking, rings, shifts
from hotspot.backing import SHORT_WEEKS, backing, together
from hotspot.chance import theme_rng
from hotspot.hot_times import theme_times
from hotspot.hotcrimes import hotcrimes
from hotspot.listing import Material, Setting, rows_of
from hotspot.model import Label, Level
from hotspot.past import named
from hotspot.rises import alarms
from hotspot.sample import is_dated, taken
from hotspot.stats.threads import thread_count
from hotspot.tally import ledger, tally
from hotspot.week_concentration import week_concentration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    import shapely

    from hotspot.backing import Backing
    from hotspot.hot_times import HotTimes
    from hotspot.hotcrimes import HotCrimes
    from hotspot.lateness import Completeness
    from hotspot.listing import Row
    from hotspot.model import (
        Area,
        Detection,
        Hotspot,
        Incidents,
        Parameters,
        Reports,
    )
    from hotspot.past import Named, Past
    from hotspot.rings import Surroundings
    from hotspot.rises import Alarms
    from hotspot.same_place import Place
    from hotspot.shifts import Shifts
    from hotspot.tally import Ledger, Tally
    from hotspot.tracking import End
    from hotspot.week_concentration import WeekConcentration
    from hotspot.weeks import Week

ALL_THEMES = "all"
"""What a list calls all themes together."""


@dataclass(frozen=True, slots=True)
class Left:
    """
    A hotspot that was listed the week before and is not now.

    Parameters
    ----------
    hotspot
        As it was, under its name.
    rank
        Its rank then.
    event
        Whether it is listed no longer, or has merged into another.
    into
        Name of that other; absent where there is none.
    """

    hotspot: Hotspot
    rank: int
    event: End
    into: str | None


@dataclass(frozen=True, slots=True)
class WeeklyList:
    """
    One week's list.

    Parameters
    ----------
    named
        The detections under the names that stay.
    rows
        Rows of all themes, by theme and rank.
    gone
        Hotspots of the week before that are not listed, by theme and rank.
    as_of_s
        Up to which moment the list knows, in seconds since 1970 in UTC; None without incidents.
    completeness
        Share of the week that has been reported by then, by theme.
    alarms, shifts, hotcrimes
        Rises by theme and area, shifts, and the matrix of subthemes and areas.
    concentration
        How few addresses hold the window's events, by theme.
    backing
        How the list of the week before did, by theme and for all together; none if it was not made.
    times
        When the incidents of the window happened, by theme.
    subthemes
        Names that the numbers of the shifts stand for.
    setting
        Where the list is about.
    """

    named: Named
    rows: tuple[Row, ...]
    gone: tuple[Left, ...]
    as_of_s: int | None
    completeness: Mapping[str, Completeness]
    alarms: Alarms
    shifts: Shifts
    hotcrimes: HotCrimes
    concentration: tuple[WeekConcentration, ...]
    backing: tuple[Backing, ...]
    times: Mapping[str, HotTimes]
    subthemes: tuple[str, ...]
    setting: Setting

    @property
    def week(self) -> Week:
        """The week."""
        return self.named.followed.week

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes, in the order of the list."""
        return tuple(detection.theme for detection in self.named.detections)


@dataclass(frozen=True, slots=True)
class Ground:
    """
    What happened where, put in order once for the lists of many weeks.

    Parameters
    ----------
    ledger
        The incidents.
    near
        Which of them lie in each neighbourhood or around it.
    """

    ledger: Ledger
    near: Surroundings


def ground(incidents: Incidents, reports: Reports, setting: Setting) -> Ground:
    """
    Put a register in order for the lists of its weeks.

    Parameters
    ----------
    incidents, reports
        Incidents of all themes, as far back as there are (three years are looked at), and how they became
        known, in any order.
    setting
        Where it is about; of the parameters only the window counts.

    Returns
    -------
    Ground
        What `weekly` takes for each of its weeks.
    """
    book = ledger(incidents, reports, window_weeks=setting.parameters.window_weeks, zone=setting.zone)
    shapes = [area.geometry for area in setting.told_areas[1:]]
    return Ground(book, rings.surroundings(book.incidents.xy_m, shapes))


def weekly(
    week: Week,
    detections: Sequence[Detection],
    past: Past,
    told: Ground,
    setting: Setting,
    *,
    published: Sequence[Place] = (),
    handed_out: Mapping[str, Sequence[shapely.Polygon]] | None = None,
) -> WeeklyList:
    """
    Make the list of a week.

    Parameters
    ----------
    week
        The week.
    detections
        What was found, one per theme.
    past
        What is known after the weeks before.
    told
        The register; what it holds of later weeks changes nothing.
    setting
        Where it is about, and what it is told.
    published
        Places of this week under the names with which it was published before.
    handed_out
        Footprints of the list of the week before as it was published first, by theme, which is what this week
        judges; absent where that list was only detected.

    Returns
    -------
    WeeklyList
        The list.
    """
    zone, parameters, book = setting.zone, setting.parameters, told.ledger
    found = named(past, week, sorted(detections, key=lambda one: one.theme), published=published)
    themes = [one.theme for one in found.detections]
    counted = tally(book, week, themes=themes)
    as_of_s = lateness.as_of_s(
        book.incidents,
        book.reports,
        week,
        weeks=parameters.window_weeks + parameters.baseline_weeks,
        zone=zone,
    )
    complete = {theme: _complete(theme, book, week, as_of_s, zone) for theme in themes}
    areas = setting.told_areas
    material = Material(
        ledger=book,
        tally=counted,
        named=found,
        past=past,
        completeness={theme: one.share for theme, one in complete.items()},
        setting=setting,
    )
    before = _handed_out(past, week) if handed_out is None else handed_out
    # None of the parts changes what another reads; compiled code lets go of the interpreter meanwhile.
    with ThreadPoolExecutor(thread_count()) as pool:
        rows = [pool.submit(rows_of, detection, material) for detection in found.detections]
        shifted = pool.submit(_shifts, counted, told.near, areas, past, setting)
        matrix = pool.submit(_hotcrimes, counted, areas)
        alarmed = pool.submit(_alarms, counted, areas, setting)
        times = {theme: pool.submit(_theme_times, theme, book, week, setting) for theme in themes}
        spread = [pool.submit(_concentration, theme, counted, parameters) for theme in themes]
        backed = pool.submit(_backing, counted, before, setting)
    return WeeklyList(
        named=found,
        rows=tuple(row for of_theme in rows for row in of_theme.result()),
        gone=_gone(found, past),
        as_of_s=as_of_s,
        completeness=complete,
        alarms=alarmed.result(),
        shifts=shifted.result(),
        hotcrimes=matrix.result(),
        concentration=tuple(one.result() for one in spread),
        backing=backed.result(),
        times={theme: one.result() for theme, one in times.items()},
        subthemes=counted.subthemes,
        setting=setting,
    )


def _complete(theme: str, book: Ledger, week: Week, as_of_s: int | None, zone: ZoneInfo) -> Completeness:
    """Tell how much of the week has been reported."""
    incidents, reports = book.of(theme, week, weeks=lateness.HISTORY_WEEKS)
    # Without a single incident there is no moment; any will do, since then nothing is known either.
    moment_s = 0 if as_of_s is None else as_of_s
    return lateness.completeness(incidents, reports, week, as_of_s=moment_s, zone=zone)


def _gone(found: Named, past: Past) -> tuple[Left, ...]:
    """List what was on the list before and is not now."""
    ends = {gone.id: gone for gone in found.followed.gone}
    before = past.since(found.followed.week, weeks_ago=1) or ()
    return tuple(
        Left(hotspot, number, ends[hotspot.id].event, ends[hotspot.id].into)
        for detection in before
        for number, hotspot in enumerate(ranking.order(detection), start=1)
        if hotspot.id in ends
    )


def _alarms(counted: Tally, areas: Sequence[Area], setting: Setting) -> Alarms:
    """Test each theme in each area."""
    counts = counted.by_theme_area_week([area.code for area in areas[1:]])
    return alarms(counts, counted.themes, areas, labels=setting.labels)


def _hotcrimes(counted: Tally, areas: Sequence[Area]) -> HotCrimes:
    """Make the matrix of subthemes and areas."""
    pairs = sorted(set(zip(counted.theme.tolist(), counted.subtheme.tolist(), strict=True)))
    number = np.full((len(counted.themes), max(len(counted.subthemes), 1)), -1, np.int64)
    for index, pair in enumerate(pairs):
        number[pair] = index
    # A pair of theme and subtheme is counted like a theme.
    by_pair = replace(
        counted,
        themes=tuple(f"{theme:06d} {subtheme:06d}" for theme, subtheme in pairs),
        theme=number[counted.theme, counted.subtheme],
    )
    counts = by_pair.by_theme_area_week([area.code for area in areas[1:]])
    names = [(counted.themes[theme], counted.subthemes[subtheme]) for theme, subtheme in pairs]
    return hotcrimes(counts, names, areas)


def _shifts(
    counted: Tally, near: Surroundings, areas: Sequence[Area], past: Past, setting: Setting
) -> Shifts:
    """Ask of neighbourhoods and of the hotspots of the week before whether incidents have gone elsewhere."""
    neighbourhoods = areas[1:]
    before = [
        hotspot
        for detection in past.since(counted.week, weeks_ago=1) or ()
        if detection.theme in counted.themes
        for hotspot in detection.hotspots
    ]
    places = [rings.Place(area.code, area.name) for area in neighbourhoods]
    places += [
        rings.Place(
            hotspot.id,
            hotspot.neighbourhoods[0].name if hotspot.neighbourhoods else setting.municipality.name,
            theme=counted.themes.index(hotspot.theme),
            was_listed=True,
        )
        for hotspot in before
    ]
    listed = rings.surroundings(counted.xy_m, [hotspot.footprint for hotspot in before])
    words = [setting.labels.get(name, Label(name, name)) for name in (*counted.themes, *counted.subthemes)]
    return shifts.shifts(
        shifts.Events(
            counted.theme, counted.subtheme, counted.week.ordinal - counted.age_weeks, counted.hour
        ),
        places,
        counted.near(near).and_those_of(listed, places=len(neighbourhoods)),
        week=counted.week.ordinal,
        first_week=counted.week.ordinal - max(counted.weeks - 1, 0),
        themes=words[: len(counted.themes)],
        subthemes=words[len(counted.themes) :],
    )


def _concentration(theme: str, counted: Tally, parameters: Parameters) -> WeekConcentration:
    """Tell how few addresses hold the window's events."""
    own = counted.theme == counted.themes.index(theme)
    return week_concentration(
        counted.place[own],
        counted.age_weeks[own],
        theme=theme,
        rng=theme_rng(parameters.seed, counted.week, theme, purpose="concentration"),
        window_weeks=parameters.window_weeks,
    )


def _handed_out(past: Past, week: Week) -> dict[str, list[shapely.Polygon]] | None:
    """Give the footprints that were detected the week before."""
    before = past.since(week, weeks_ago=1)
    if before is None:
        return None
    return {detection.theme: [one.footprint for one in detection.hotspots] for detection in before}


def _backing(
    counted: Tally, before: Mapping[str, Sequence[shapely.Polygon]] | None, setting: Setting
) -> tuple[Backing, ...]:
    """Judge the list of the week before by this week, theme by theme and all together."""
    # Its rivals need a past to count.
    if before is None or counted.weeks <= SHORT_WEEKS:
        return ()
    city_m2 = sum(
        float(area.geometry.area) for area in setting.boundaries.areas if area.level is Level.NEIGHBOURHOOD
    )
    listed = {theme: before.get(theme, ()) for theme in counted.themes}
    rows = [_backed(theme, footprints, counted, city_m2) for theme, footprints in sorted(listed.items())]
    return (together(rows, theme=ALL_THEMES), *rows) if rows else ()


def _backed(theme: str, footprints: Sequence[shapely.Polygon], counted: Tally, city_m2: float) -> Backing:
    """Judge one list."""
    own = counted.theme == counted.themes.index(theme)
    xy_m, age = counted.xy_m[own], counted.age_weeks[own]
    return backing(
        footprints,
        xy_m[age == 0],
        past_xy_m=xy_m[age > 0],
        past_age_weeks=age[age > 0] - 1,
        theme=theme,
        week=counted.week,
        listed_week=counted.week.plus(-1),
        city_m2=city_m2,
    )


def _theme_times(theme: str, book: Ledger, week: Week, setting: Setting) -> HotTimes:
    """Tell when the window's incidents of a theme happened."""
    weeks = setting.parameters.window_weeks
    incidents, _ = book.of(theme, week, weeks=weeks)
    return theme_times(
        taken(incidents, is_dated(incidents, within_weeks=weeks)),
        zone=setting.zone,
        rng=theme_rng(setting.parameters.seed, week, theme, purpose="theme times"),
    )
