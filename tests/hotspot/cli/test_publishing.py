"""Publishing week by week, all at once, again, and on both stores says the same to the last byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hotspot.cli import detection, publishing
from hotspot.cli.output import Output
from hotspot.errors import NotFound
from hotspot.store import engine as engines
from hotspot.store import publications
from hotspot.weeks import week_range
from tests import stored
from tests.small_town import BEGINS, QUICK, lived, town

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from hotspot.editions import Edition
    from hotspot.weeks import Week

WEEKS = week_range(BEGINS, BEGINS.plus(2))
SILENT = Output(as_json=True)


def fill(store: Engine) -> None:
    stored.store_town(store, town().areas, stored.rows_of(lived()))


def detected(store: Engine, weeks: Sequence[Week]) -> None:
    detection.detect_weeks(store, weeks, QUICK, SILENT)


def hashes(editions: Sequence[Edition]) -> list[str]:
    return [edition.content_hash for edition in editions]


def test_publish__says_the_same_week_by_week_and_all_at_once_on_both_stores(
    sqlite_url: str, postgis_url: str
) -> None:
    by_week, at_once = engines.create_engine(sqlite_url), engines.create_engine(postgis_url)
    for store in (by_week, at_once):
        fill(store)
    each: list[Edition] = []
    for week in WEEKS:
        detected(by_week, [week])
        each += publishing.publish_weeks(by_week, [week], SILENT)
    detected(at_once, WEEKS)
    together = publishing.publish_weeks(at_once, WEEKS, SILENT)
    assert hashes(each) == hashes(together)
    assert len(set(hashes(each))) == len(WEEKS)
    stories = []
    for store in (by_week, at_once):
        with engines.read(store) as connection:
            stories.append([publications.edition(connection, week).summary for week in WEEKS])
        store.dispose()
    assert stories[0] == stories[1]


def test_publish__again_makes_no_new_edition(engine: Engine) -> None:
    fill(engine)
    detected(engine, WEEKS)
    first = publishing.publish_weeks(engine, WEEKS, SILENT)
    assert publishing.publish_weeks(engine, WEEKS, SILENT) == first
    assert [edition.number for edition in first] == [1] * len(WEEKS)
    # From any week on, too.
    assert publishing.publish_weeks(engine, WEEKS[1:], SILENT) == first[1:]


def test_publish__refuses_weeks_that_were_not_detected_before_it_writes_any(engine: Engine) -> None:
    fill(engine)
    detected(engine, WEEKS[:1])
    with pytest.raises(NotFound, match="has not been detected"):
        publishing.publish_weeks(engine, WEEKS, SILENT)
    with engines.read(engine) as connection:
        assert publications.editions(connection) == []
