"""Notes come back as written, and only about hotspots that were published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from hotspot.errors import InvalidParameter, NotFound
from hotspot.notes import Action, Note, Status, Verdict
from hotspot.store import notes, publications
from tests import factories

if TYPE_CHECKING:
    from sqlalchemy import Connection

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
SEEN = Note("a", "team", NOW, Verdict.CONFIRMED, "Ja, é", None)
PLAN = Note("a", "team", NOW, None, "", Action("patrol", "team", dt.date(2026, 12, 4), Status.AGREED))


@pytest.fixture
def connection(connection: Connection) -> Connection:
    published = factories.publication([factories.feature("a"), factories.feature("b", rank=2)])
    publications.write_publication(connection, published, published_at=factories.NOW)
    return connection


def test_notes__come_back_in_order(connection: Connection) -> None:
    assert notes.notes_of(connection) == {}
    assert [notes.add_note(connection, note) for note in (SEEN, PLAN)] == [1, 2]
    assert notes.notes_of(connection) == {"a": (SEEN, PLAN)}
    assert notes.notes_of(connection, ["b"]) == {}


def test_add_note__refuses_an_unknown_hotspot_and_a_step_back(connection: Connection) -> None:
    with pytest.raises(NotFound, match="there is no hotspot 'hs-none'"):
        notes.add_note(connection, Note("hs-none", "team", NOW, Verdict.REMARK, "?", None))
    notes.add_note(connection, PLAN)
    back = Note("a", "team", NOW, None, "", Action("patrol", "team", None, Status.SIGNALLED))
    with pytest.raises(InvalidParameter, match="status must not go back"):
        notes.add_note(connection, back)
    assert notes.notes_of(connection) == {"a": (PLAN,)}
