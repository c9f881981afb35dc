"""Publishing week by week, all at once, again, and on both stores says the same to the last byte."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from hotspot.cli import detection, publishing
from hotspot.cli.output import Output, Step
from hotspot.errors import NotFound, StoreNotReady
from hotspot.store import engine as engines
from hotspot.store import publications, runs
from hotspot.weeks import week_range
from tests import factories, stored
from tests.small_town import BEGINS, QUICK, lived, town

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


@dataclass(frozen=True)
class Between(Output):
    """Does something once the first week has been written, as another command would."""

    work: list[Callable[[], object]] = field(default_factory=list)

    @contextmanager
    def progress(self, description: str, total: int | None) -> Iterator[Step]:
        with super().progress(description, total) as step:
            yield AndWork(step.bar, step.task, self.work)


@dataclass(frozen=True)
class AndWork(Step):
    """One step, and what is to be done after it."""

    work: list[Callable[[], object]] = field(default_factory=list)

    def __call__(self, units: int = 1) -> None:
        super().__call__(units)
        while self.work:
            self.work.pop()()


def test_publish__makes_a_list_anew_if_its_run_changed_while_it_was_made(engine: Engine) -> None:
    fill(engine)
    detected(engine, WEEKS)
    other = replace(QUICK, alpha=QUICK.alpha / 2)

    def detected_again() -> None:
        detection.detect_weeks(engine, WEEKS[1:2], other, SILENT)

    together = publishing.publish_weeks(engine, WEEKS, Between(as_json=True, work=[detected_again]))
    with engines.read(engine) as connection:
        run = runs.read_run(connection, WEEKS[1])
        summary = publications.edition(connection, WEEKS[1]).summary
    assert run.parameters == other
    assert run.input_hash in summary
    # Nothing is left to say.
    assert publishing.publish_weeks(engine, WEEKS, SILENT) == together


def test_publish__keeps_the_weeks_before_one_that_is_refused(engine: Engine) -> None:
    fill(engine)
    detected(engine, WEEKS[:1])
    with engines.begin(engine) as connection:
        found = runs.read_run(connection, WEEKS[0])
        stale = replace(found, week=WEEKS[1], input_hash="0" * 64)
        runs.write_run(connection, stale, detected_at=factories.NOW)
    with pytest.raises(StoreNotReady, match="have changed since it was detected"):
        publishing.publish_weeks(engine, WEEKS[:2], SILENT)
    with engines.read(engine) as connection:
        assert [edition.week for edition in publications.editions(connection)] == WEEKS[:1]


def test_detect__finds_the_same_in_many_weeks_as_in_each(sqlite_url: str, postgis_url: str) -> None:
    found = []
    for url, asked in ((sqlite_url, [[week] for week in WEEKS]), (postgis_url, [WEEKS])):
        store = engines.create_engine(url)
        fill(store)
        found.append([one for weeks in asked for one in detection.detect_weeks(store, weeks, QUICK, SILENT)])
        again = detection.detect_weeks(store, WEEKS, QUICK, SILENT)
        assert [one.unchanged for one in again] == [True] * len(WEEKS)
        assert [one.detections for one in again] == [one.detections for one in found[-1]]
        store.dispose()
    assert found[0] == found[1]
    assert [one.week for one in found[0]] == WEEKS
    assert not any(one.unchanged for one in found[0])


def test_publish__refuses_weeks_that_were_not_detected_before_it_writes_any(engine: Engine) -> None:
    fill(engine)
    detected(engine, WEEKS[:1])
    with pytest.raises(NotFound, match="has not been detected"):
        publishing.publish_weeks(engine, WEEKS, SILENT)
    with engines.read(engine) as connection:
        assert publications.editions(connection) == []
