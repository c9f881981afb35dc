"""What is published of a list keeps the contract with its readers, and says what the list says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hotspot.geojson import number
from hotspot.telling import telling
from tests.small_town import THEFT, setting, usual, written

CONTRACT = json.loads(
    """{
    "first_week": "", "weeks_listed": 1, "event": "", "event_from": [], "gap_weeks": 1, "lifecycle": "",
    "lifecycle_steps": {"weeks": 1, "counts": [], "expected": [], "hot": [], "trend": "", "slope_per_step": 1,
        "trend_p_value": 1},
    "changes": [], "score_lower": 1, "score_upper": 1, "rank_lower": 1, "rank_upper": 1, "p_top3": 1,
    "p_top10": 1, "tie": 1, "too_little_data": true, "harm_score": null, "harm_rank": null,
    "relative_risk_lower": 1, "relative_risk_upper": 1, "recurrence_years": 1, "repeat_share": 1,
    "sources": {"citizen": 1, "police": 1, "unknown": 1},
    "geocoding": {"precise": 1, "stated_area_agrees": 1, "stated_area_known": 1, "dated_to_minute": 1},
    "near_repeats": {"pairs": 1, "expected": 1}, "nearby": [], "caveats": [],
    "why": {"nl": [], "en": []}, "what_changed": {"nl": "", "en": ""},
    "counts": {"weeks_1": 1, "weeks_4": 1, "weeks_12": 1, "weeks_52": 1}, "weekly_counts": [],
    "hot_times": {"incidents": 1, "left_out": 1, "hours": [], "p_value": 1, "is_pattern": true, "peak": null}
    }"""
)
"""What products read of a hotspot, with a value of the kind that each has."""

SUMMARY = {
    "as_of": (),
    "completeness": ("share", "lower", "upper", "is_known", "said"),
    "gone": ("id", "theme", "rank", "neighbourhood_name", "event", "into"),
    "alarms": ("q", "tests", "expected_false", "rows"),
    "shifts": ("theme", "kind", "from", "to", "fall", "rise", "p_value", "said"),
    "hotcrimes": ("rows",),
    "concentration": ("theme", "places", "incidents", "by_chance", "p_value"),
    "backing": (
        *("theme", "incidents", "hits", "hit_rate", "lower", "upper", "pai"),
        *("area_m2", "city_m2", "naive_12", "naive_52", "listed_week"),
    ),
    "hot_times": ("incidents", "left_out", "hours", "p_value", "is_pattern", "peak"),
    "weights": ("name", "version", "source"),
}
"""What products read of a week; of lists and of tables by theme, the members of each."""


def kinds_of(value: Any) -> str:  # noqa: ANN401 - JSON.
    """Which kind of JSON value this is; whole and broken numbers are one kind."""
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def told_rows() -> list[dict[str, Any]]:
    return [row for made in usual() for row in json.loads(written(made))["properties"].values()]


def test_telling__of_a_hotspot_keeps_the_contract() -> None:
    rows = told_rows()
    assert len(rows) >= 5
    for row in rows:
        for name, example in CONTRACT.items():
            assert name in row
            if example is not None and row[name] is not None:
                assert kinds_of(row[name]) == kinds_of(example), name
            if isinstance(example, dict):
                assert set(example) <= set(row[name]), name
        assert len(row["weekly_counts"]) == 52
        assert [len(day) for day in row["hot_times"]["hours"]] == [24] * 7
        assert [len(row["lifecycle_steps"][name]) for name in ("counts", "expected", "hot")] == [13] * 3
        assert len(row["changes"]) == 2
        assert row["counts"]["weeks_52"] == sum(row["weekly_counts"])
        assert row["rank_lower"] <= row["rank_upper"]
        assert row["score_lower"] <= row["score_upper"]
        assert len(row["why"]["nl"]) == len(row["why"]["en"]) == 2


@pytest.mark.parametrize("name", sorted(SUMMARY))
def test_telling__of_a_week_keeps_the_contract(name: str) -> None:
    seen = 0
    for made in usual():
        value = json.loads(written(made))["summary"][name]
        if name in {"completeness", "hot_times"}:
            assert set(value) == set(made.themes)
            value = list(value.values())
        for one in value if isinstance(value, list) else [value]:
            assert set(SUMMARY[name]) <= (set(one) if isinstance(one, dict) else set())
            seen += 1
    # Not every week has a shift.
    assert seen > 0 or name == "shifts"


def test_telling__says_what_the_list_says() -> None:
    for made in usual():
        told = telling(made)
        assert list(told.properties) == [row.hotspot.id for row in made.rows]
        for row in made.rows:
            said = dict(told.properties[row.hotspot.id])
            ranked = row.ranked
            assert (said["rank_lower"], said["rank_upper"], said["tie"]) == (
                ranked.rank_lower,
                ranked.rank_upper,
                ranked.tie,
            )
            assert ranked.score_upper is not None
            assert said["score_upper"] == number(ranked.score_upper, 4)
            assert said["event"] == row.entry.event.value
            assert said["weekly_counts"] == list(row.weekly_counts)
            assert said["what_changed"] == {"nl": row.what_changed.nl, "en": row.what_changed.en}
            assert said["sources"] == dict(row.explanation.sources)
        alarms = dict(told.summary)["alarms"]
        assert isinstance(alarms, dict)
        assert alarms["tests"] == made.alarms.tests
        assert {row["area"] for row in alarms["rows"] if row["is_alarm"]} == {
            row.area for row in made.alarms.alarms
        }


def test_telling__keeps_every_cell_that_stands_out_and_no_empty_one() -> None:
    for made in usual():
        rows = json.loads(written(made))["summary"]["hotcrimes"]["rows"]
        assert all(row["observed"] or row["is_alarm"] or row["trend"] != "none" for row in rows)
        kept = {(row["theme"], row["subtheme"], row["area"]) for row in rows}
        assert kept >= {
            (r.theme, r.subtheme, r.area) for r in made.hotcrimes.rows if r.is_alarm or r.observed
        }
        city = [row for row in rows if row["area"] == setting().municipality.code and row["theme"] == "theft"]
        assert len(city) <= len(THEFT.subthemes)


def test_telling__names_every_subtheme_that_it_tells() -> None:
    for made in usual():
        told = telling(made)
        assert {row.subtheme for row in made.hotcrimes.rows} <= set(told.names)


def test_telling__holds_nothing_that_is_no_number() -> None:
    for made in usual():
        told = telling(made)
        text = json.dumps([dict(told.properties), dict(told.summary)], allow_nan=False)
        assert "NaN" not in text
