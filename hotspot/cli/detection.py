"""`hotspot detect`: find the hotspots of a week and keep them as a run."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from hotspot import grades, pipeline
from hotspot.cli.opening import opened, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.cli.register import read_register
from hotspot.errors import InvalidParameter, StoreNotReady, Unsuitable
from hotspot.model import Detection, Kind, Level, State
from hotspot.settings import DetectionSettings
from hotspot.store import boundaries, incidents, municipality, runs
from hotspot.weeks import Week, week_range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Engine

    from hotspot.cli.register import Register
    from hotspot.model import Area, Municipality, Parameters

WeekOption = Annotated[
    str | None, typer.Option("--week", help="ISO week, such as 2010-W30.", show_default=False)
]
WeeksOption = Annotated[
    str | None,
    typer.Option(
        "--weeks",
        help="Several weeks: 2010-W20..2010-W30, or a number of weeks up to --week.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Found:
    """One week's detections, and whether they had been made before from the same input."""

    week: Week
    detections: tuple[Detection, ...]
    unchanged: bool


def detect(
    week: WeekOption = None, weeks: WeeksOption = None, store: Store = None, as_json: Json = False
) -> None:
    """
    Find the hotspots of a week, per theme, and keep them as a run; `publish` makes them public.

    The same incidents, boundaries and settings give the same hotspots to the last digit.

    Examples: `hotspot detect --week 2010-W30`; `hotspot detect --week 2010-W30 --weeks 8`;
    `hotspot detect --weeks 2010-W20..2010-W30`
    """
    output = Output(as_json)
    chosen = parse_weeks(week, weeks)
    with opened(store) as engine:
        _refuse_future(engine, chosen)
        found = detect_weeks(engine, chosen, DetectionSettings().parameters(), output)
    output.result([_as_json(one) for week_found in found for one in week_found.detections])
    output.table(
        "Detected",
        ["week", "theme", "#window", "#baseline", "#candidates", *ACUTE_AND_CHRONIC, "state"],
        [
            [
                d.week,
                d.theme,
                d.window_incidents,
                d.baseline_incidents,
                d.candidates,
                *(confirmed_and_likely(d, kind) for kind in Kind),
                _state(d),
            ]
            for week_found in found
            for d in week_found.detections
        ],
    )


def _refuse_future(engine: Engine, weeks: Sequence[Week]) -> None:
    """Refuse a week that has not ended: its list would change, and hide the real one."""
    with transaction(engine) as connection:
        zone = ZoneInfo(municipality.read_municipality(connection).time_zone)
    now = dt.datetime.now(dt.UTC)
    if weeks[-1].bounds(zone)[1] > now:
        raise InvalidParameter(f"a week must have ended to be detected, got {weeks[-1]}")


def detect_weeks(
    engine: Engine, weeks: Sequence[Week], parameters: Parameters, output: Output
) -> list[Found]:
    """
    Detect week by week, each in a transaction of its own, skipping what is known already.

    Parameters
    ----------
    engine
        The store.
    weeks
        The weeks.
    parameters
        What the detection is told.
    output
        Where progress is shown.

    Returns
    -------
    list of Found
        One for each week.
    """
    found = []
    with transaction(engine) as connection:
        material = _Material(
            register=read_register(connection, weeks[0].plus(-_reach_weeks(parameters)), weeks[-1]),
            municipality=municipality.read_municipality(connection),
            neighbourhoods=boundaries.read_boundaries(connection).of(Level.NEIGHBOURHOOD),
            boundaries_hash=boundaries.content_hash(connection),
            themes=incidents.themes(connection),
            known={week: runs.find_run(connection, week) for week in weeks},
        )
    # No week looks at another: while one is written or ends on one processor, the next is on its way.
    with output.progress("detect", len(weeks)) as step, ThreadPoolExecutor(_WEEKS_AT_ONCE) as pool:
        for run in pool.map(partial(_run, parameters=parameters, material=material), weeks):
            unchanged = run is material.known[run.week]
            if not unchanged:
                with transaction(engine) as connection:
                    runs.write_run(connection, run, detected_at=dt.datetime.now(dt.UTC))
            found.append(Found(run.week, run.detections, unchanged=unchanged))
            step()
    return found


_WEEKS_AT_ONCE = 2
"""Weeks that are detected at one time: more would only take more memory."""


@dataclass(frozen=True, slots=True)
class _Material:
    """What the detections of some weeks are made from, and those that were made before."""

    register: Register
    municipality: Municipality
    neighbourhoods: tuple[Area, ...]
    boundaries_hash: str
    themes: list[str]
    known: Mapping[Week, runs.Run | None]


def _reach_weeks(parameters: Parameters) -> int:
    """Count the weeks before the named one that a detection looks at."""
    return parameters.window_weeks + parameters.baseline_weeks - 1


def input_hash(week: Week, parameters: Parameters, register: Register, boundaries_hash: str) -> str:
    """
    Hash all that the detection of a week rests on.

    Parameters
    ----------
    week
        The week.
    parameters
        What the detection is told.
    register
        The incidents, of all weeks that it looks at.
    boundaries_hash
        `boundaries.content_hash` of the areas in force.

    Returns
    -------
    str
        SHA-256 in hexadecimal; another one where the detection may come out otherwise.
    """
    chosen, _ = register.of(week.plus(-_reach_weeks(parameters)), week)
    return runs.input_hash(
        week,
        parameters,
        incidents=incidents.fingerprint(chosen),
        boundaries=boundaries_hash,
    )


def _run(week: Week, *, parameters: Parameters, material: _Material) -> runs.Run:
    """Detect one week, or recall the run that had the same input."""
    rests_on = input_hash(week, parameters, material.register, material.boundaries_hash)
    known = material.known[week]
    if known is not None and known.input_hash == rests_on:
        return known
    if not material.themes:
        raise Unsuitable("the store holds no incidents; run `hotspot load incidents` first")
    chosen, _ = material.register.of(week.plus(-_reach_weeks(parameters)), week)
    unknown = sorted(set(chosen.neighbourhood.tolist()) - {area.code for area in material.neighbourhoods})
    if unknown:
        raise StoreNotReady(
            f"incidents are assigned to neighbourhoods that the boundaries in force do not have "
            f"({', '.join(unknown[:3])}): load the incident files again"
        )
    detections = pipeline.detect_week(
        chosen,
        material.neighbourhoods,
        week,
        parameters,
        municipality=material.municipality,
        themes=material.themes,
    )
    return runs.Run(week, parameters, rests_on, detections)


def parse_weeks(week: str | None, weeks: str | None) -> list[Week]:
    """
    Read the two options that name weeks.

    Parameters
    ----------
    week
        An ISO week; the last one, if `weeks` is a number.
    weeks
        `FIRST..LAST`, or a number of weeks.

    Returns
    -------
    list of Week
        In the order of time, at least one.

    Raises
    ------
    InvalidParameter
        If no week is named, or the two do not go together.
    InvalidWeek
        If a text is no ISO week.
    """
    if weeks is not None and ".." in weeks:
        if week is not None:
            raise InvalidParameter("give --week, or --weeks FIRST..LAST, not both")
        first, last = (Week.parse(part) for part in weeks.split("..", 1))
        if last < first:
            raise InvalidParameter(f"--weeks must go forward in time, got {weeks}")
        return week_range(first, last)
    if week is None:
        raise InvalidParameter("name a week: --week 2010-W30, or --weeks 2010-W20..2010-W30")
    last = Week.parse(week)
    if weeks is None:
        return [last]
    if not weeks.isdecimal() or not 1 <= int(weeks) <= _MOST_WEEKS:
        raise InvalidParameter(f"--weeks is FIRST..LAST or a number from 1 to {_MOST_WEEKS}, got {weeks!r}")
    return week_range(last.plus(1 - int(weeks)), last)


_MOST_WEEKS = 1040
"""Twenty years; more is a slip of the finger."""


ACUTE_AND_CHRONIC = tuple(f"#{kind}: confirmed + likely" for kind in Kind)
"""Headings above `confirmed_and_likely` of each kind."""


def confirmed_and_likely(detection: Detection, kind: Kind) -> str:
    """
    Write how many hotspots of a kind there are, by grade.

    Parameters
    ----------
    detection
        What was found.
    kind
        The kind.

    Returns
    -------
    str
        Such as `2 + 1`; a dash where there are none.
    """
    found = grades.counts(detection.hotspots)[kind]
    return " + ".join(str(found[grade]) for grade in grades.SHOWN) if any(found.values()) else "-"


def _state(detection: Detection) -> str:
    """Say the state in words."""
    words = {State.HOTSPOTS: "hotspots", State.NO_HOTSPOTS: "none", State.NOT_ENOUGH_DATA: "not enough data"}
    return words[detection.state] + (f": {detection.reason.en}" if detection.reason is not None else "")


def _as_json(detection: Detection) -> dict[str, object]:
    """Give a detection as JSON can hold it."""
    return {
        "week": str(detection.week),
        "theme": detection.theme,
        "state": str(detection.state),
        "reason": None if detection.reason is None else asdict(detection.reason),
        "window_incidents": detection.window_incidents,
        "baseline_incidents": detection.baseline_incidents,
        "candidates": detection.candidates,
        "hotspots": [
            {
                "id": hotspot.id,
                "kind": str(hotspot.kind),
                "grade": str(hotspot.grade),
                "form": str(hotspot.form),
                "pile_up": hotspot.pile_up,
                "neighbourhoods": [share.name for share in hotspot.neighbourhoods],
                "observed": hotspot.evidence.observed,
                "expected": hotspot.evidence.expected,
                "p_value": hotspot.evidence.p_value,
                "q_value": hotspot.evidence.q_value,
            }
            for hotspot in detection.hotspots
        ],
    }
