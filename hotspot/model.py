"""
What crosses borders between the rooms: incidents, areas, what a detection is told and what it finds.

Values only: no table, no file, no data frame, so that the service starts without the numerical stack. The
rows of a file are in `rows`, a published week is in `editions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from hotspot.weeks import Week

DETECTOR_VERSION = 4
"""
Raised whenever the same input may give other hotspots than before.

Runs of another version are not read: a week is detected anew before it is published again.
"""


class Level(StrEnum):
    """How an area nests: neighbourhoods in districts, districts in the municipality."""

    NEIGHBOURHOOD = "neighbourhood"
    DISTRICT = "district"
    MUNICIPALITY = "municipality"


class Precision(StrEnum):
    """How exactly a source tells when an incident happened."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Reporter(StrEnum):
    """Who made the incident known; what the police found themselves follows where they looked."""

    CITIZEN = "citizen"
    POLICE = "police"
    UNKNOWN = "unknown"


class State(StrEnum):
    """What a detection of one theme in one week came to; an empty list is a result."""

    HOTSPOTS = "hotspots"
    NO_HOTSPOTS = "no_hotspots"
    NOT_ENOUGH_DATA = "not_enough_data"


class Kind(StrEnum):
    """Which of the two questions a hotspot answers."""

    ACUTE = "acute"
    """More in the last weeks than its own past and the present elsewhere lead to expect."""
    CHRONIC = "chronic"
    """Denser, all year, than its surroundings explain."""


class Grade(StrEnum):
    """How sure a hotspot is; each grade has its own stated error rate."""

    CONFIRMED = "confirmed"
    """The chance that a theme and week without hotspots show any of this grade is at most `alpha`."""
    LIKELY = "likely"
    """Not confirmed; of confirmed and likely ones together a share of at most `false_share` is false."""
    NONE = "none"
    """A candidate that is neither; shown to nobody but who calibrates."""


class Form(StrEnum):
    """What shape a hotspot has, which says who can do something about it."""

    DOT = "dot"
    """One address."""
    LINE = "line"
    """Along a street."""
    AREA = "area"
    """Around."""


@dataclass(frozen=True, slots=True)
class Incidents:
    """
    Accepted incidents as the pipeline takes them, one array per column.

    `key` is a number that stays the same for an incident as long as it is stored; themes, subthemes and
    neighbourhoods are object arrays of `str`.
    """

    key: NDArray[np.int64]
    xy_m: NDArray[np.float64]
    started_s: NDArray[np.int64]
    ended_s: NDArray[np.int64]
    precision: NDArray[np.object_]
    theme: NDArray[np.object_]
    subtheme: NDArray[np.object_]
    neighbourhood: NDArray[np.object_]

    def __len__(self) -> int:
        return int(self.key.size)


@dataclass(frozen=True, slots=True)
class Reports:
    """
    How incidents became known: one array per column, in the order of the `Incidents` they belong to.

    Parameters
    ----------
    reported_s
        Instant of the report in seconds since 1970 in UTC; `rows.ABSENT_S` where the source tells none.
    reporter
        Who made it known, the values of `Reporter` as `str`.
    stated_area
        The area that the source itself names; None where it names none.
    """

    reported_s: NDArray[np.int64]
    reporter: NDArray[np.object_]
    stated_area: NDArray[np.object_]

    def __len__(self) -> int:
        return int(self.reported_s.size)


@dataclass(frozen=True, slots=True)
class Label:
    """How people read the name of a theme or subtheme, in Dutch and in English."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """
    The place that a store is about.

    Parameters
    ----------
    code
        Code of the municipality, `GM0935` for Maastricht.
    name
        Its name as people read it.
    srid
        EPSG code of its plane in metres.
    time_zone
        IANA name of the zone in which its weeks begin.
    """

    code: str
    name: str
    srid: int = 28992
    time_zone: str = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True)
class Area:
    """
    One neighbourhood, district or municipality.

    Parameters
    ----------
    level
        How it nests.
    code
        Its code, unique within level and vintage.
    name
        Its name as people read it.
    parent_code
        Code of the area that holds it; absent for the municipality.
    geometry
        Its shape in the municipality's plane, in metres.
    inhabitants
        Number of inhabitants, where known.
    """

    level: Level
    code: str
    name: str
    parent_code: str | None
    geometry: MultiPolygon
    inhabitants: int | None = None


@dataclass(frozen=True, slots=True)
class Boundaries:
    """
    All areas of one vintage.

    Parameters
    ----------
    vintage
        Year for which the boundaries hold.
    areas
        Areas of all levels, ordered by level and code.
    source
        Where they come from, as a person would write it under a map.
    schematic
        Whether they are a drawing for demonstration and not the real borders.
    """

    vintage: int
    areas: tuple[Area, ...]
    source: str
    schematic: bool = False

    def of(self, level: Level) -> tuple[Area, ...]:
        """
        Select the areas of one level.

        Parameters
        ----------
        level
            The level.

        Returns
        -------
        tuple of Area
            In the order of their codes.
        """
        return tuple(area for area in self.areas if area.level is level)


@dataclass(frozen=True, slots=True)
class Parameters:
    """
    What a detection may be told; nothing has to be. `settings.DetectionSettings` gives bounds and reasons.

    Parameters
    ----------
    window_weeks
        Weeks that the detection looks at, the named week being the last.
    baseline_weeks
        Weeks before the window with which it is compared; as many as there are, if there are fewer.
    radius_m
        Radius of the largest circle that is searched; smaller ones are searched too.
    min_incidents
        Events in the window that a candidate needs.
    alpha
        Bound on the chance that a theme shows any false hotspot in a week; for the grade confirmed.
    false_share
        Share of false hotspots among all listed ones that is accepted for the grade likely.
    replicates
        Monte Carlo replicates of the whole search.
    seed
        Start of the random numbers.
    """

    window_weeks: int = 4
    baseline_weeks: int = 52
    radius_m: float = 200.0
    min_incidents: int = 3
    alpha: float = 0.05
    false_share: float = 0.1
    replicates: int = 999
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    Why a candidate is, or is not, a hotspot.

    Parameters
    ----------
    observed
        Events in its zone in the window: incidents at one place within six hours count once, here and below.
    expected
        Incidents that its own past and its surroundings' present lead to expect in the window.
    baseline
        Incidents in its zone in the baseline.
    relative_risk
        Observed against expected, half an event added to both: little data make no boundless ratio.
    log_likelihood_ratio
        The statistic of the search; larger is less like chance.
    p_value
        Share of the replicates of the whole search with a candidate at least as extreme, itself counted.
    q_value
        Share of false ones to be expected among all candidates of the theme and week that are at least as
        extreme, at most 1.
    recurrence_weeks
        By chance such a candidate would be seen once in so many weekly runs.
    places
        Distinct places among the incidents in the window.
    largest_pile_up
        Incidents of the window at the one place that has most.
    window_weeks
        Length of the window in which it stands out most; it ends with the named week, and all counts above
        are of this window and of the time before it.
    """

    observed: int
    expected: float
    baseline: int
    relative_risk: float
    log_likelihood_ratio: float
    p_value: float
    q_value: float
    recurrence_weeks: float
    places: int
    largest_pile_up: int
    window_weeks: int = 4


@dataclass(frozen=True, slots=True)
class AreaShare:
    """A neighbourhood that a hotspot touches, with the share of the hotspot's incidents in it."""

    code: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Hotspot:
    """
    A place that was tested in one week for one theme; its grade says whether it passed.

    Parameters
    ----------
    id
        Name derived from municipality, theme, week and place: the same input gives the same name.
    theme
        Theme of the incidents.
    week
        Last week of the window.
    kind
        What was asked of it.
    grade
        How sure it is.
    form
        One address, along a street, or an area.
    pile_up
        Whether most of its incidents share one coordinate: a single address, or where a register puts what
        it cannot place. Look at the source before going there.
    footprint
        Its shape in the municipality's plane, in metres; covers all members; of a dot, a disc around its
        address.
    centroid_xy_m
        Mean position of its incidents.
    neighbourhoods
        The neighbourhoods that hold its incidents, largest share first.
    subthemes
        Incidents of the window by subtheme, largest first.
    evidence
        Why it is a hotspot.
    members
        Keys of its incidents in the window, ascending.
    """

    id: str
    theme: str
    week: Week
    kind: Kind
    grade: Grade
    form: Form
    pile_up: bool
    footprint: Polygon
    centroid_xy_m: tuple[float, float]
    neighbourhoods: tuple[AreaShare, ...]
    subthemes: tuple[tuple[str, int], ...]
    evidence: Evidence
    members: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Detection:
    """
    Outcome for one theme in one week.

    Parameters
    ----------
    theme, week
        What was asked.
    state
        Hotspots, none, or not enough data to tell.
    reason
        Why there was not enough data, as people read it; absent otherwise.
    window_incidents, baseline_incidents
        Incidents of the theme in the two periods.
    window_weeks, baseline_weeks
        Weeks really available for the two periods.
    candidates
        Dense places that were tested.
    hotspots
        Those that passed, strongest evidence first.
    rejected
        Those that did not, with grade `none`; only where they were asked for.
    """

    theme: str
    week: Week
    state: State
    reason: Label | None
    window_incidents: int
    baseline_incidents: int
    window_weeks: int
    baseline_weeks: int
    candidates: int
    hotspots: tuple[Hotspot, ...]
    rejected: tuple[Hotspot, ...] = ()
