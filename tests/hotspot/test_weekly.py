"""The weekly list, composed on a small simulated town in which a hotspot is planted and goes again."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import numpy as np

from hotspot.model import State
from hotspot.past import NOTHING
from hotspot.sample import taken
from hotspot.tally import known
from hotspot.telling import telling
from hotspot.tracking import End, Event
from hotspot.weekly import ground, weekly
from hotspot.weeks import week_range
from tests import stored
from tests.small_town import (
    BEGINS,
    LAST,
    WEEKS,
    ZONE,
    composed,
    detections,
    found,
    lived,
    setting,
    usual,
    usual_ground,
    written,
)

if TYPE_CHECKING:
    from hotspot.weekly import WeeklyList


def of_planted(made: WeeklyList) -> list[str]:
    """Names of the hotspots that hold planted incidents."""
    mine = set(lived().incidents.key[lived().planted == 0].tolist())
    return [row.hotspot.id for row in made.rows if len(mine & set(row.hotspot.members)) >= 5]


def test_weekly__follows_a_planted_hotspot_until_it_is_gone() -> None:
    lists = usual()
    named = [of_planted(made) for made in lists]
    (name,) = {one for names in named for one in names}
    listed = [week for week, names in zip(WEEKS, named, strict=True) if names]
    assert listed[0] in {BEGINS, BEGINS.plus(1)}
    assert listed == week_range(listed[0], listed[-1])
    assert len(listed) >= 3
    entries = [entry for made in lists for entry in made.named.followed.entries if entry.id == name]
    assert [entry.event for entry in entries] == [Event.NEW, *[Event.CONTINUED] * (len(listed) - 1)]
    assert {entry.first_week for entry in entries} == {listed[0]}
    assert [entry.weeks_listed for entry in entries] == list(range(1, len(listed) + 1))
    after = lists[WEEKS.index(listed[-1]) + 1]
    (left,) = (one for one in after.gone if one.hotspot.id == name)
    assert (left.event, left.into, left.rank) == (End.ENDED, None, 1)
    assert all(name not in {one.hotspot.id for one in made.gone} for made in lists if made is not after)


def test_weekly__tells_what_changed_since_last_week_and_four_weeks_ago() -> None:
    lists = {made.week: made for made in usual()}
    compared = 0
    for week, made in lists.items():
        for row in made.rows:
            for change, ago in zip(row.changes, (1, 4), strict=True):
                then = lists.get(week.plus(-ago))
                before = (
                    [] if then is None else [one for one in then.rows if one.hotspot.id == row.hotspot.id]
                )
                if not before:
                    assert change is None
                    continue
                assert change is not None
                assert (change.before.rank, change.weeks_ago) == (before[0].ranked.rank, ago)
                assert change.before.observed == before[0].hotspot.evidence.observed
                peak = before[0].times.peak if before[0].times.is_pattern else None
                assert change.before.peak_start_hour == (None if peak is None else peak.start_hour)
                compared += 1
            first = row.changes[0]
            assert row.ranked.previous_rank == (None if first is None else first.before.rank)
    assert compared >= 2


def test_weekly__says_the_same_for_incidents_in_any_order_and_a_second_time() -> None:
    incidents, reports = stored.told_of(lived())
    order = np.random.default_rng(3).permutation(len(incidents))
    again = composed(ground(taken(incidents, order), known(reports, order), setting()))
    assert [written(one) for one in again] == [written(one) for one in usual()]
    assert [[row.weekly_counts for row in one.rows] for one in again] == [
        [row.weekly_counts for row in one.rows] for one in usual()
    ]


def test_weekly__does_not_know_what_happens_later() -> None:
    incidents, reports = stored.told_of(lived())
    week = BEGINS.plus(1)
    by_then = incidents.started_s < int(week.bounds(ZONE)[1].timestamp())
    on = ground(taken(incidents, by_then), known(reports, by_then), setting())
    before = usual()[WEEKS.index(week) - 1].named.past
    made = weekly(week, detections(week), before, on, setting())
    assert written(made) == written(usual()[WEEKS.index(week)])


def test_weekly__of_the_first_week_has_no_past() -> None:
    made = weekly(LAST, detections(LAST), NOTHING, usual_ground(), setting())
    assert (made.gone, made.backing) == ((), ())
    assert {row.changes for row in made.rows} <= {(None, None)}
    assert {row.entry.event for row in made.rows} <= {Event.NEW}
    # Nor is anything counted before the data begin.
    start = weekly(
        LAST.plus(-69), found(stored.told_of(lived())[0], LAST.plus(-69)), NOTHING, usual_ground(), setting()
    )
    assert start.rows == ()
    assert start.alarms.tests == start.hotcrimes.tests == 0
    json.loads(written(start))


def test_weekly__of_a_week_without_hotspots_still_tells_the_week() -> None:
    quiet = [made for made in usual() if not made.rows]
    assert quiet
    for made in quiet:
        told = telling(made)
        assert told.properties == {}
        assert made.alarms.tests > 0
        assert {one.theme for one in made.concentration} == {"drug_nuisance", "theft"}
        assert all(one.incidents > 0 for one in made.concentration)


def test_weekly__of_a_theme_without_data_says_so() -> None:
    week = LAST
    with_more = found(stored.told_of(lived())[0], week, "arson")
    assert [one.state for one in with_more if one.theme == "arson"] == [State.NOT_ENOUGH_DATA]
    made = weekly(week, with_more, usual()[-2].named.past, usual_ground(), setting())
    (arson,) = (one for one in made.concentration if one.theme == "arson")
    assert (arson.incidents, arson.observed) == (0, None)
    assert made.alarms.untested == ("arson",)
    assert not made.completeness["arson"].is_known
    # A theme without data does not change what is said of the others.
    told = json.loads(written(made))
    usual_told = json.loads(written(usual()[-1]))
    assert told["properties"] == usual_told["properties"]
    assert told["summary"]["hotcrimes"] == usual_told["summary"]["hotcrimes"]


def test_weekly__of_no_incidents_at_all_is_a_valid_list() -> None:
    incidents, reports = stored.told_of(lived())
    nothing = np.empty(0, np.int64)
    on = ground(taken(incidents, nothing), known(reports, nothing), setting())
    made = weekly(LAST, found(on.ledger.incidents, LAST), NOTHING, on, setting())
    assert (made.rows, made.as_of_s) == ((), None)
    assert json.loads(written(made))["summary"]["as_of"] is None


def test_weekly__does_not_stumble_over_a_theme_that_is_dated_by_month() -> None:
    incidents, reports = stored.told_of(lived())
    by_month = np.where(incidents.theme == "theft", "month", incidents.precision).astype(object)
    coarse = dataclasses.replace(incidents, precision=by_month)
    on = ground(coarse, reports, setting())
    past = NOTHING
    for week in WEEKS[1:4]:
        made = weekly(week, found(coarse, week), past, on, setting())
        past = made.named.past
        assert {row.hotspot.theme for row in made.rows} <= {"drug_nuisance"}
        assert made.times["theft"].incidents == 0
        json.loads(written(made))
    assert made.rows


def test_weekly__reads_a_theme_without_a_label_by_its_name() -> None:
    unnamed = composed(usual_ground(), labels={})
    listed = next(made for made in unnamed if made.rows)
    assert all(label.nl and label.en for row in listed.rows for label in row.why)
    said = [row.said.nl for row in listed.alarms.rows if row.theme == "theft"]
    assert all("theft" in text for text in said)


def test_weekly__counts_in_each_footprint_what_happened_there() -> None:
    for made in usual():
        for row in made.rows:
            assert len(row.weekly_counts) == 52
            # The window's events are among those of the last weeks: the footprint holds its members.
            window = row.hotspot.evidence.window_weeks
            assert sum(row.weekly_counts[-window:]) >= row.hotspot.evidence.observed
