"""A run comes back exactly as it was written."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hotspot.errors import NotFound
from hotspot.model import DETECTOR_VERSION, AreaShare, Form, Grade, Kind, Label, State
from hotspot.store import municipality, runs, tables
from hotspot.store.runs import Run
from hotspot.weeks import Week
from tests import factories
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy import Connection

W30 = Week(2010, 30)
positive = st.floats(0, allow_nan=False, allow_infinity=True)


@pytest.fixture
def connection(connection: Connection) -> Connection:
    municipality.write_municipality(connection, factories.municipality())
    return connection


def _run(*detections: object) -> Run:
    return Run(W30, factories.parameters(), "input", detections)  # type: ignore[arg-type]  # Shorter below.


def _n_runs(connection: Connection) -> int | None:
    return connection.scalar(select(func.count()).select_from(tables.runs))


def test_find_run__finds_nothing_before_a_detection(connection: Connection) -> None:
    assert runs.find_run(connection, W30) is None
    with pytest.raises(NotFound, match="2010-W30 has not been detected"):
        runs.read_run(connection, W30)


def test_write_run__keeps_themes_states_and_order(connection: Connection) -> None:
    run = _run(
        factories.detection([factories.hotspot("b"), factories.hotspot("a")]),
        factories.detection(theme="burglary"),
        factories.detection(
            theme="arson", state=State.NOT_ENOUGH_DATA, reason=Label(nl="3 van 13 weken", en="3 weeks of 13")
        ),
    )
    runs.write_run(connection, run, detected_at=NOW)
    assert runs.read_run(connection, W30) == run


@given(
    numbers=st.tuples(positive, positive, positive, st.floats(0, 1), st.floats(0, 1), positive),
    judged=st.tuples(st.sampled_from(Kind), st.sampled_from(Grade), st.sampled_from(Form), st.booleans()),
    corner=st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)),
    share=st.floats(0, 1),
    members=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5),
    name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_write_run__gives_back_every_bit(
    connection: Connection,
    numbers: tuple[float, float, float, float, float, float],
    judged: tuple[Kind, Grade, Form, bool],
    corner: tuple[float, float],
    share: float,
    members: list[int],
    name: str,
) -> None:
    expected, risk, ratio, p_value, q_value, recurrence = numbers
    kind, grade, form, pile_up = judged
    footprint = shapely.Polygon([corner, (corner[0] + math.pi, corner[1]), (corner[0], corner[1] + math.e)])
    hotspot = replace(
        factories.hotspot(
            kind=kind,
            grade=grade,
            form=form,
            pile_up=pile_up,
            footprint=footprint,
            neighbourhoods=[AreaShare("BU01", name, share)],
            evidence_of_it=factories.evidence(
                expected=expected,
                relative_risk=risk,
                log_likelihood_ratio=ratio,
                p_value=p_value,
                q_value=q_value,
                recurrence_weeks=recurrence,
            ),
            members=members,
        ),
        centroid_xy_m=corner,
    )
    run = _run(factories.detection([hotspot]))
    runs.write_run(connection, run, detected_at=NOW)
    read = runs.read_run(connection, W30)
    assert read == run
    assert shapely.to_wkb(read.detections[0].hotspots[0].footprint) == shapely.to_wkb(footprint)


def test_write_run__the_same_run_is_not_written_twice(connection: Connection) -> None:
    first, second = _run(factories.detection([factories.hotspot()])), _run(factories.detection())
    for run in (first, first, second, first):
        runs.write_run(connection, run, detected_at=NOW)
    assert _n_runs(connection) == 3
    assert runs.read_run(connection, W30) == first


def test_find_run__does_not_read_what_an_earlier_detector_found(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _run(factories.detection([factories.hotspot()]))
    runs.write_run(connection, run, detected_at=NOW)
    before = runs.input_hash(W30, run.parameters, incidents="i", boundaries="b")
    monkeypatch.setattr(runs, "DETECTOR_VERSION", DETECTOR_VERSION + 1)
    assert runs.find_run(connection, W30) is None
    assert runs.find_run_id(connection, W30) is None
    assert runs.input_hash(W30, run.parameters, incidents="i", boundaries="b") != before
    runs.write_run(connection, run, detected_at=NOW)
    assert runs.read_run(connection, W30) == run
    assert _n_runs(connection) == 2


def test_input_hash__depends_on_each_part() -> None:
    here = {"incidents": "i", "boundaries": "b"}
    hashes = [
        runs.input_hash(W30, factories.parameters(), **here),
        runs.input_hash(W30.plus(1), factories.parameters(), **here),
        runs.input_hash(W30, factories.parameters(seed=1), **here),
        runs.input_hash(W30, factories.parameters(), **(here | {"incidents": "j"})),
        runs.input_hash(W30, factories.parameters(), **(here | {"boundaries": "c"})),
    ]
    assert len(set(hashes)) == len(hashes)
