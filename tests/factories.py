"""Small real things for tests: each function makes one, and every part of it can be said otherwise."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.editions import Publication, PublishedFeature, RankedHotspot
from hotspot.model import (
    Area,
    AreaShare,
    Boundaries,
    Detection,
    Evidence,
    Form,
    Grade,
    Hotspot,
    Incidents,
    Kind,
    Label,
    Level,
    Municipality,
    Parameters,
    State,
)
from hotspot.rows import ABSENT_S, AcceptedRows, Batch, Reason, RefusedRows
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MIDNIGHT_S = int(dt.datetime(2010, 7, 26, tzinfo=dt.UTC).timestamp())
"""The first instant of 2010-W30 in UTC."""

NOW = dt.datetime(2010, 8, 2, 9, 30, tzinfo=dt.UTC)


def municipality(
    *,
    code: str = "GM0001",
    name: str = "Testdam",
    srid: int = 28992,
    time_zone: str = "Europe/Amsterdam",
) -> Municipality:
    return Municipality(code, name, srid, time_zone)


def parameters(*, window_weeks: int = 4, radius_m: float = 100.0, seed: int = 0) -> Parameters:
    return Parameters(window_weeks=window_weeks, radius_m=radius_m, seed=seed)


def texts(values: Sequence[str | None]) -> NDArray[np.object_]:
    """A column of texts."""
    column = np.empty(len(values), object)
    column[:] = values
    return column


def numbers(values: Sequence[int]) -> NDArray[np.int64]:
    """A column of whole numbers."""
    return np.array(values, np.int64)


def accepted(
    keys: Sequence[int] = (1,),
    *,
    first_row: int = 2,
    rows: Sequence[int] | None = None,
    reversal_keys: Sequence[int] | None = None,
    fingerprints: Sequence[int] | None = None,
    xy_m: Sequence[tuple[float, float]] | None = None,
    started_s: Sequence[int] | None = None,
    length_s: int = 0,
    precision: str = "minute",
    reported_s: Sequence[int] | None = None,
    themes: Sequence[str] | None = None,
    subtheme: str = "drug_dealing",
    codes: Sequence[str] | None = None,
    reporter: str = "citizen",
    neighbourhoods: Sequence[str] | None = None,
    stated_areas: Sequence[str | None] | None = None,
) -> AcceptedRows:
    """Accepted rows, one for each key; by default an hour and ten metres apart."""
    n = len(keys)
    started = numbers([MIDNIGHT_S + 3600 * i for i in range(n)] if started_s is None else started_s)
    places = [(176_000.0 + 10 * i, 318_000.0) for i in range(n)] if xy_m is None else xy_m
    return AcceptedRows(
        row=numbers(range(first_row, first_row + n) if rows is None else rows),
        key=numbers(keys),
        reversal_key=numbers(keys if reversal_keys is None else reversal_keys),
        fingerprint=numbers(keys if fingerprints is None else fingerprints),
        xy_m=np.array(places, np.float64).reshape(n, 2),
        started_s=started,
        ended_s=started + length_s,
        precision=texts([precision] * n),
        reported_s=numbers([ABSENT_S] * n if reported_s is None else reported_s),
        theme=texts(["drug_nuisance"] * n if themes is None else themes),
        subtheme=texts([subtheme] * n),
        code=texts(["A1"] * n if codes is None else codes),
        reporter=texts([reporter] * n),
        neighbourhood=texts(["BU01"] * n if neighbourhoods is None else neighbourhoods),
        stated_area=texts([None] * n if stated_areas is None else stated_areas),
    )


def refused(
    reasons: Sequence[Reason] = (),
    *,
    first_row: int = 100_000,
    rows: Sequence[int] | None = None,
    keys: Sequence[int] | None = None,
    reversal_keys: Sequence[int] | None = None,
    reverses: Sequence[bool] | None = None,
    raw: str = '{"id": "7"}',
    codes: Sequence[str | None] | None = None,
    stated_areas: Sequence[str | None] | None = None,
) -> RefusedRows:
    """Refused rows, one for each reason."""
    n = len(reasons)
    return RefusedRows(
        row=numbers(range(first_row, first_row + n) if rows is None else rows),
        reason=texts([reason.value for reason in reasons]),
        detail=texts([f"refused: {reason}" for reason in reasons]),
        raw=texts([raw] * n),
        code=texts([None] * n if codes is None else codes),
        stated_area=texts([None] * n if stated_areas is None else stated_areas),
        reverses=np.array([False] * n if reverses is None else reverses, bool),
        key=numbers([0] * n if keys is None else keys),
        reversal_key=numbers([0] * n if reversal_keys is None else reversal_keys),
    )


def reversing(reversal_keys: Sequence[int], *, first_row: int = 200_000) -> RefusedRows:
    """Rows that take back others."""
    n = len(reversal_keys)
    return refused(
        [Reason.REVERSED] * n, first_row=first_row, reversal_keys=reversal_keys, reverses=[True] * n
    )


def batch(accepted_rows: AcceptedRows | None = None, refused_rows: RefusedRows | None = None) -> Batch:
    """A run of rows of a file."""
    return Batch(
        accepted([]) if accepted_rows is None else accepted_rows,
        refused([]) if refused_rows is None else refused_rows,
    )


def incidents(rows: AcceptedRows | None = None) -> Incidents:
    """Incidents as the pipeline takes them."""
    chosen = accepted() if rows is None else rows
    return Incidents(
        chosen.key,
        chosen.xy_m,
        chosen.started_s,
        chosen.ended_s,
        chosen.precision,
        chosen.theme,
        chosen.subtheme,
        chosen.neighbourhood,
    )


def square(west_m: float = 176_000, south_m: float = 318_000, *, side_m: float = 500) -> shapely.MultiPolygon:
    """A square with its south-west corner there."""
    return shapely.MultiPolygon([shapely.box(west_m, south_m, west_m + side_m, south_m + side_m)])


def area(
    code: str = "BU01",
    *,
    level: Level = Level.NEIGHBOURHOOD,
    name: str = "Wyck",
    parent_code: str | None = "WK01",
    geometry: shapely.MultiPolygon | None = None,
    inhabitants: int | None = 1200,
) -> Area:
    return Area(level, code, name, parent_code, square() if geometry is None else geometry, inhabitants)


def boundaries(
    areas: Sequence[Area] | None = None,
    *,
    vintage: int = 2017,
    source: str = "CBS/Kadaster",
    schematic: bool = False,
) -> Boundaries:
    """Four neighbourhoods in two districts of one municipality, or the given areas."""
    if areas is None:
        quarters = [square(176_000 + 500 * (n % 2), 318_000 + 500 * (n // 2)) for n in range(4)]
        areas = [
            area(f"BU0{n + 1}", name=f"Buurt {n + 1}", parent_code=f"WK0{n // 2 + 1}", geometry=quarters[n])
            for n in range(4)
        ]
        areas += [
            area(
                f"WK0{n + 1}",
                level=Level.DISTRICT,
                name=f"Wijk {n + 1}",
                parent_code="GM0001",
                geometry=shapely.MultiPolygon(
                    [shapely.box(*shapely.union_all(quarters[2 * n : 2 * n + 2]).bounds)]
                ),
            )
            for n in range(2)
        ]
        areas.append(
            area(
                "GM0001",
                level=Level.MUNICIPALITY,
                name="Testdam",
                parent_code=None,
                geometry=square(side_m=1000),
            )
        )
    return Boundaries(vintage, tuple(areas), source, schematic)


def evidence(
    *,
    observed: int = 9,
    expected: float = 1.5,
    baseline: int = 18,
    relative_risk: float = 6.0,
    log_likelihood_ratio: float = 7.25,
    p_value: float = 0.001,
    q_value: float = 0.002,
    recurrence_weeks: float = 1000.0,
    places: int = 6,
    largest_pile_up: int = 2,
    window_weeks: int = 4,
) -> Evidence:
    return Evidence(
        observed=observed,
        expected=expected,
        baseline=baseline,
        relative_risk=relative_risk,
        log_likelihood_ratio=log_likelihood_ratio,
        p_value=p_value,
        q_value=q_value,
        recurrence_weeks=recurrence_weeks,
        places=places,
        largest_pile_up=largest_pile_up,
        window_weeks=window_weeks,
    )


def hotspot(
    name: str = "h1",
    *,
    theme: str = "drug_nuisance",
    week: Week | None = None,
    kind: Kind = Kind.ACUTE,
    grade: Grade = Grade.CONFIRMED,
    form: Form = Form.AREA,
    pile_up: bool = False,
    footprint: shapely.Polygon | None = None,
    neighbourhoods: Sequence[AreaShare] = (AreaShare("BU01", "Buurt 1", 1.0),),
    evidence_of_it: Evidence | None = None,
    members: Sequence[int] = (1, 2, 3),
) -> Hotspot:
    shape = shapely.Point(176_200, 318_200).buffer(80) if footprint is None else footprint
    return Hotspot(
        id=name,
        theme=theme,
        week=Week(2010, 30) if week is None else week,
        kind=kind,
        grade=grade,
        form=form,
        pile_up=pile_up,
        footprint=shape,
        centroid_xy_m=(shape.centroid.x, shape.centroid.y),
        neighbourhoods=tuple(neighbourhoods),
        subthemes=(("drug_dealing", 7), ("drug_use", 2)),
        evidence=evidence() if evidence_of_it is None else evidence_of_it,
        members=tuple(members),
    )


def detection(
    hotspots: Sequence[Hotspot] = (),
    *,
    theme: str = "drug_nuisance",
    week: Week | None = None,
    state: State | None = None,
    reason: Label | None = None,
) -> Detection:
    """What was found for a theme; the state follows from the hotspots unless said otherwise."""
    found = State.HOTSPOTS if hotspots else State.NO_HOTSPOTS
    return Detection(
        theme=theme,
        week=Week(2010, 30) if week is None else week,
        state=found if state is None else state,
        reason=reason,
        window_incidents=40,
        baseline_incidents=520,
        window_weeks=4,
        baseline_weeks=52,
        candidates=5,
        hotspots=tuple(hotspots),
    )


def ranked(hotspots: Sequence[Hotspot], *, previous_rank: int | None = None) -> tuple[RankedHotspot, ...]:
    """A list in the given order."""
    return tuple(
        RankedHotspot(rank, 10.0 - rank, previous_rank, one) for rank, one in enumerate(hotspots, start=1)
    )


def feature(
    name: str = "h1",
    *,
    theme: str = "drug_nuisance",
    kind: Kind = Kind.ACUTE,
    grade: Grade = Grade.CONFIRMED,
    rank: int = 1,
    areas: Sequence[str] = ("BU01", "WK01"),
    shape_deg: shapely.Geometry | None = None,
) -> PublishedFeature:
    """A published hotspot; by default a square of a hundredth of a degree in Maastricht."""
    shape = shapely.box(5.69, 50.85, 5.70, 50.86) if shape_deg is None else shape_deg
    west, south, east, north = shapely.bounds(shape).tolist()
    geojson = {
        "type": "Feature",
        "id": name,
        "properties": {"id": name, "theme": theme, "rank": rank},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
    return PublishedFeature(
        name,
        theme,
        kind,
        grade,
        rank,
        tuple(areas),
        (west, south, east, north),
        json.dumps(geojson, separators=(",", ":")),
    )


def publication(
    features: Sequence[PublishedFeature] | None = None, *, week: Week | None = None, summary: str = "{}"
) -> Publication:
    """A published week with one hotspot, or with the given ones."""
    chosen = (feature(),) if features is None else tuple(features)
    content = "\n".join([summary, *(one.geojson for one in chosen)])
    return Publication(
        Week(2010, 30) if week is None else week,
        summary,
        chosen,
        hashlib.sha256(content.encode()).hexdigest(),
    )
