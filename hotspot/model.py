"""
What crosses borders between the rooms: incidents, areas, hotspots and a published week.

Values only: no table, no file, no data frame, so that the service starts without the numerical stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from hotspot.weeks import Week

ABSENT_S = np.iinfo(np.int64).min
"""Stands for an absent instant in a column of seconds."""


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


class Reason(StrEnum):
    """Why a row was refused."""

    NO_COORDINATES = "no_coordinates"
    ZERO_COORDINATES = "zero_coordinates"
    OUTSIDE = "outside"
    UNPARSABLE_DATE = "unparsable_date"
    IMPOSSIBLE_DATE = "impossible_date"
    UNMAPPED_CODE = "unmapped_code"
    REVERSED = "reversed"
    DUPLICATE = "duplicate"


class State(StrEnum):
    """What a detection of one theme in one week came to; an empty list is a result."""

    HOTSPOTS = "hotspots"
    NO_HOTSPOTS = "no_hotspots"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the incident table: its contract, written once."""

    name: str
    dtype: str
    unit: str
    meaning: str
    nullable: bool = False


INCIDENT_COLUMNS = (
    Column("row", "int64", "", "row in the file; the header of a table is row 1"),
    Column("key", "int64", "", "hash of what identifies the incident within its source"),
    Column("reversal_key", "int64", "", "hash of what a reversing row and the row it reverses share"),
    Column("fingerprint", "int64", "", "hash of everything the mapping reads from the row"),
    Column("xy_m", "float64", "m", "position in the municipality's plane, shape (n, 2)"),
    Column("started_s", "int64", "s", "earliest instant at which it can have begun, since 1970 in UTC"),
    Column("ended_s", "int64", "s", "latest such instant; equal to started_s where it is known"),
    Column("precision", "str", "", "minute, day or month"),
    Column("reported_s", "int64", "s", "instant of the report, since 1970 in UTC", nullable=True),
    Column("theme", "str", "", "theme of the mapping, such as drug_nuisance"),
    Column("subtheme", "str", "", "subtheme of the mapping, such as burglary_home"),
    Column("code", "str", "", "category as the source writes it"),
    Column("reporter", "str", "", "citizen, police or unknown"),
    Column("neighbourhood", "str", "", "code of the neighbourhood that the written rule assigns"),
    Column("stated_area", "str", "", "area that the source itself names", nullable=True),
)
"""Contract of accepted incidents; `AcceptedRows` has one attribute for each."""


@dataclass(frozen=True, slots=True)
class AcceptedRows:
    """
    Accepted rows of a file, column by column; `INCIDENT_COLUMNS` says what each is.

    Text columns are object arrays of `str`; an absent stated area is None and an absent report is
    `ABSENT_S`.
    """

    row: NDArray[np.int64]
    key: NDArray[np.int64]
    reversal_key: NDArray[np.int64]
    fingerprint: NDArray[np.int64]
    xy_m: NDArray[np.float64]
    started_s: NDArray[np.int64]
    ended_s: NDArray[np.int64]
    precision: NDArray[np.object_]
    reported_s: NDArray[np.int64]
    theme: NDArray[np.object_]
    subtheme: NDArray[np.object_]
    code: NDArray[np.object_]
    reporter: NDArray[np.object_]
    neighbourhood: NDArray[np.object_]
    stated_area: NDArray[np.object_]

    def __len__(self) -> int:
        return int(self.row.size)


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """
    Refused rows of a file, column by column.

    `raw` holds the source's own row as a JSON object, `detail` one sentence; `code` and `stated_area` are
    None where the row has none. `reverses` marks the rows whose task is to take back
    an earlier row; the two find each other by `reversal_key`.
    """

    row: NDArray[np.int64]
    reason: NDArray[np.object_]
    detail: NDArray[np.object_]
    raw: NDArray[np.object_]
    code: NDArray[np.object_]
    stated_area: NDArray[np.object_]
    reverses: NDArray[np.bool_]
    key: NDArray[np.int64]
    reversal_key: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.row.size)


@dataclass(frozen=True, slots=True)
class Batch:
    """A run of rows of a file: every row read is either accepted or refused."""

    accepted: AcceptedRows
    refused: RefusedRows

    @property
    def rows_read(self) -> int:
        """Rows of the file in this batch."""
        return len(self.accepted) + len(self.refused)


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
        Incidents this close belong together.
    min_incidents
        Incidents in the window that a candidate needs.
    alpha
        Bound on the chance that a theme shows any false hotspot in a week.
    replicates
        Monte Carlo replicates of the whole search.
    seed
        Start of the random numbers.
    """

    window_weeks: int = 4
    baseline_weeks: int = 52
    radius_m: float = 100.0
    min_incidents: int = 4
    alpha: float = 0.05
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
        Rate in the zone against the rate that is expected there.
    log_likelihood_ratio
        The statistic of the search; larger is less like chance.
    p_value
        Share of the replicates of the whole search with a candidate at least as extreme, itself counted.
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
    A place that passed the test in one week for one theme.

    Parameters
    ----------
    id
        Name derived from municipality, theme, week and place: the same input gives the same name.
    theme
        Theme of the incidents.
    week
        Last week of the window.
    footprint
        Its shape in the municipality's plane, in metres; covers all members.
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


@dataclass(frozen=True, slots=True)
class RankedHotspot:
    """
    A row of the weekly list.

    Parameters
    ----------
    rank
        Place in the list of its theme, from 1.
    score
        What the order follows; see `hotspot.ranking`.
    previous_rank
        Rank of the hotspot of the same theme at this place in the week before; absent if there was none.
    hotspot
        The hotspot.
    """

    rank: int
    score: float
    previous_rank: int | None
    hotspot: Hotspot


@dataclass(frozen=True, slots=True)
class PublishedFeature:
    """
    One hotspot of a publication as it is served.

    Parameters
    ----------
    id
        Name of the hotspot.
    theme
        Its theme.
    rank
        Its rank within the theme.
    areas
        Codes of the neighbourhoods and districts that it touches, for filtering.
    bbox_deg
        West, south, east, north of the served geometry.
    geojson
        The feature as a GeoJSON text, ready to send.
    """

    id: str
    theme: str
    rank: int
    areas: tuple[str, ...]
    bbox_deg: tuple[float, float, float, float]
    geojson: str


@dataclass(frozen=True, slots=True)
class Publication:
    """
    One week as it is published: immutable once written.

    Parameters
    ----------
    week
        The week.
    summary
        What the list says beside its rows: states per theme, counts, periods, parameters; a JSON text.
    features
        Hotspots of all themes, ordered by theme and rank.
    content_hash
        SHA-256 of the summary and the features: two publications with the same hash are the same.
    """

    week: Week
    summary: str
    features: tuple[PublishedFeature, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class Edition:
    """
    A publication as the store knows it.

    Parameters
    ----------
    week
        The week.
    number
        1 for the first publication of the week, then one more for each correction.
    content_hash
        Hash of its content.
    published_at
        When it was written, in UTC.
    """

    week: Week
    number: int
    content_hash: str
    published_at: dt.datetime
