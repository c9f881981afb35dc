"""Runs: what a detection found in one week, kept to the last bit until it is published and after."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast  # Rows come from the driver; the tables say what is in them.

from sqlalchemy import insert, select

from hotspot.errors import NotFound
from hotspot.model import (
    DETECTOR_VERSION,
    AreaShare,
    Detection,
    Evidence,
    Form,
    Grade,
    Hotspot,
    Kind,
    Label,
    Parameters,
    State,
)
from hotspot.store import tables
from hotspot.store.ids import next_id
from hotspot.store.municipality import read_municipality
from hotspot.store.shapes import ewkb, from_ewkb, raw
from hotspot.weeks import Week

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from shapely import Polygon
    from sqlalchemy import Connection, Row, Select

_RUN = tables.runs.c
_HOTSPOT = tables.hotspots.c
_DETECTION = tables.detections.c
_EVIDENCE = tuple(field.name for field in dataclasses.fields(Evidence))
_COUNTS = ("window_incidents", "baseline_incidents", "window_weeks", "baseline_weeks", "candidates")


@dataclass(frozen=True, slots=True)
class Run:
    """
    What was found in one week.

    Parameters
    ----------
    week
        The week.
    parameters
        What the detection was told.
    input_hash
        Hash of everything else that it depended on, as `input_hash` makes it.
    detections
        One for each theme.
    """

    week: Week
    parameters: Parameters
    input_hash: str
    detections: tuple[Detection, ...]


def input_hash(week: Week, parameters: Parameters, *, incidents: str, boundaries: str) -> str:
    """
    Hash everything that a detection depends on, the version of the detector included.

    Parameters
    ----------
    week
        The week.
    parameters
        What the detection is told.
    incidents
        `incidents.fingerprint` of the incidents that it sees.
    boundaries
        `boundaries.content_hash` of the areas that it sees.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    parts = [DETECTOR_VERSION, str(week), dataclasses.asdict(parameters), incidents, boundaries]
    return hashlib.sha256(_json(parts).encode()).hexdigest()


def _json(value: object) -> str:
    """Write JSON; Python writes a float so that reading it gives the same float."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_run(connection: Connection, run: Run, *, detected_at: dt.datetime) -> None:
    """
    Store a run; if it equals the newest run of its week, nothing is written.

    Hotspots are kept, rejected candidates are not.

    Parameters
    ----------
    connection
        The open transaction.
    run
        The run.
    detected_at
        When it was made.
    """
    srid = read_municipality(connection).srid
    found = [_detection_row(position, detection) for position, detection in enumerate(run.detections)]
    places = [
        _hotspot_row(position, hotspot, srid=srid)
        for detection in run.detections
        for position, hotspot in enumerate(detection.hotspots)
    ]
    values: dict[str, object] = {
        "week": str(run.week),
        "parameters": _json(dataclasses.asdict(run.parameters)),
        "input_hash": run.input_hash,
        "detector": DETECTOR_VERSION,
    }
    content = hashlib.sha256(repr([values, found, places]).encode()).hexdigest()
    newest = connection.execute(_newest_statement(run.week)).first()
    if newest is not None and newest.content_hash == content:
        return
    run_id = next_id(connection, tables.runs)
    connection.execute(
        insert(tables.runs).values(
            id=run_id, content_hash=content, detected_at_s=int(detected_at.timestamp()), **values
        )
    )
    if found:
        connection.execute(insert(tables.detections), [{"run_id": run_id} | row for row in found])
    if places:
        first = next_id(connection, tables.hotspots)
        rows = [{"id": first + n, "run_id": run_id} | row for n, row in enumerate(places)]
        connection.execute(insert(tables.hotspots), rows)


def _detection_row(position: int, detection: Detection) -> dict[str, object]:
    """Make the row of one theme's outcome."""
    return {
        "theme": detection.theme,
        "position": position,
        "state": detection.state.value,
        "reason_nl": None if detection.reason is None else detection.reason.nl,
        "reason_en": None if detection.reason is None else detection.reason.en,
    } | {name: int(getattr(detection, name)) for name in _COUNTS}


def _hotspot_row(position: int, hotspot: Hotspot, *, srid: int) -> dict[str, object]:
    """Make the row of a hotspot."""
    return {
        "theme": hotspot.theme,
        "position": position,
        "hotspot_id": hotspot.id,
        "kind": hotspot.kind.value,
        "grade": hotspot.grade.value,
        "form": hotspot.form.value,
        "pile_up": bool(hotspot.pile_up),
        "geometry": ewkb(hotspot.footprint, srid=srid),
        "centroid_x_m": float(hotspot.centroid_xy_m[0]),
        "centroid_y_m": float(hotspot.centroid_xy_m[1]),
        **{name: getattr(hotspot.evidence, name) for name in _EVIDENCE},
        "neighbourhoods": _json(
            [[area.code, area.name, float(area.share)] for area in hotspot.neighbourhoods]
        ),
        "subthemes": _json([[name, int(count)] for name, count in hotspot.subthemes]),
        "members": _json([int(key) for key in hotspot.members]),
    }


def _newest_statement(week: Week) -> Select[int, str, str, str]:
    """Find the newest run of a week; those of another version of the detector are history."""
    return (
        select(_RUN.id, _RUN.parameters, _RUN.input_hash, _RUN.content_hash)
        .where(_RUN.week == str(week), _RUN.detector == DETECTOR_VERSION)
        .order_by(_RUN.id.desc())
        .limit(1)
    )


def weeks(connection: Connection) -> list[Week]:
    """
    List the weeks that the present detector has looked at.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    list of Week
        In the order of time.
    """
    statement = select(_RUN.week).where(_RUN.detector == DETECTOR_VERSION).distinct()
    return sorted(Week.parse(text) for text in connection.scalars(statement))


def find_run_id(connection: Connection, week: Week) -> int | None:
    """
    Give the number of the newest run of a week by the present detector, if there is one.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.

    Returns
    -------
    int or None
        Key of the table `runs`.
    """
    newest = connection.execute(_newest_statement(week)).first()
    return None if newest is None else newest.id


def find_run(connection: Connection, week: Week) -> Run | None:
    """
    Read the newest run of a week by the present detector, if there is one.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.

    Returns
    -------
    Run or None
        Equal to what was written.
    """
    newest = connection.execute(_newest_statement(week)).first()
    if newest is None:
        return None
    hotspots = _hotspots(connection, newest.id, week)
    found = connection.execute(
        select(
            _DETECTION.theme,
            _DETECTION.state,
            _DETECTION.reason_nl,
            _DETECTION.reason_en,
            *(_DETECTION[name] for name in _COUNTS),
        )
        .where(_DETECTION.run_id == newest.id)
        .order_by(_DETECTION.position)
    )
    detections = tuple(
        Detection(
            theme=row.theme,
            week=week,
            state=State(row.state),
            reason=None if row.reason_nl is None else Label(nl=row.reason_nl, en=row.reason_en),
            hotspots=hotspots.get(row.theme, ()),
            **{name: row._mapping[name] for name in _COUNTS},  # noqa: SLF001 -- its documented name.
        )
        for row in found
    )
    return Run(week, Parameters(**json.loads(newest.parameters)), newest.input_hash, detections)


def read_run(connection: Connection, week: Week) -> Run:
    """
    Read the newest run of a week by the present detector.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.

    Returns
    -------
    Run
        Equal to what was written.

    Raises
    ------
    NotFound
        If the week has not been detected, or by an earlier detector only.
    """
    run = find_run(connection, week)
    if run is None:
        raise NotFound(f"{week} has not been detected")
    return run


def _hotspots(connection: Connection, run_id: int, week: Week) -> dict[str, tuple[Hotspot, ...]]:
    """Read the hotspots of a run by theme."""
    statement = (
        select(
            _HOTSPOT.theme,
            _HOTSPOT.hotspot_id,
            _HOTSPOT.kind,
            _HOTSPOT.grade,
            _HOTSPOT.form,
            _HOTSPOT.pile_up,
            raw(_HOTSPOT.geometry).label("shape"),
            _HOTSPOT.centroid_x_m,
            _HOTSPOT.centroid_y_m,
            _HOTSPOT.neighbourhoods,
            _HOTSPOT.subthemes,
            _HOTSPOT.members,
            *(_HOTSPOT[name] for name in _EVIDENCE),
        )
        .where(_HOTSPOT.run_id == run_id)
        .order_by(_HOTSPOT.theme, _HOTSPOT.position)
    )
    rows: Sequence[Row[*tuple[Any, ...]]] = connection.execute(statement).all()
    return {
        theme: tuple(_hotspot(row, week) for row in group)
        for theme, group in groupby(rows, key=lambda row: str(row[0]))
    }


def _hotspot(row: Row[*tuple[Any, ...]], week: Week) -> Hotspot:
    """Make a hotspot from its row."""
    kept = row._mapping  # noqa: SLF001 -- SQLAlchemy's documented name for a row's columns by name.
    return Hotspot(
        id=str(kept["hotspot_id"]),
        theme=str(kept["theme"]),
        week=week,
        kind=Kind(kept["kind"]),
        grade=Grade(kept["grade"]),
        form=Form(kept["form"]),
        pile_up=bool(kept["pile_up"]),
        footprint=cast("Polygon", from_ewkb(kept["shape"])),
        centroid_xy_m=(kept["centroid_x_m"], kept["centroid_y_m"]),
        neighbourhoods=tuple(AreaShare(*area) for area in json.loads(kept["neighbourhoods"])),
        subthemes=tuple((name, count) for name, count in json.loads(kept["subthemes"])),
        evidence=Evidence(**{name: kept[name] for name in _EVIDENCE}),
        members=tuple(json.loads(kept["members"])),
    )
