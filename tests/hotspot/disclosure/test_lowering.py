"""What each level sees of a week: only what is allowed, coarse enough, and under names of its own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from hotspot.catalogue import HOTSPOTS, RANKINGS, Disclosure
from hotspot.crs import Plane
from hotspot.disclosure import allowed
from hotspot.disclosure.allowed import ANY, PLAIN, only
from hotspot.disclosure.coarsening import name_at
from hotspot.disclosure.rules import read_rules
from hotspot.errors import InvalidParameter
from hotspot.model import Form, Kind, Level
from hotspot.telling import Telling
from hotspot.weeks import Week
from tests import factories
from tests.disclosing import (
    KEY,
    LOWER,
    followed,
    internal,
    lived_seen,
    lived_weeks,
    lowered,
    town_areas,
    town_weeks,
    wide_boundaries,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotspot.disclosure.lowering import Lowered
    from hotspot.geojson import Json

WEEK = Week(2010, 30)
PARTNER, OPEN = LOWER


def properties_of(made: Lowered) -> list[dict[str, Any]]:
    return [json.loads(one.geojson)["properties"] for one in made.publication.features]


def paths(value: Json, rule: Any, at: str = "") -> Iterator[tuple[str, bool]]:  # noqa: ANN401 - a table of tables.
    """Every place in a JSON value, and whether the table allows it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            inside = rule.get(name, rule.get(ANY)) if isinstance(rule, dict) else None
            yield f"{at}.{name}", inside is not None
            yield from paths(inner, inside, f"{at}.{name}")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from paths(one, rule, f"{at}[]")
    else:
        yield at, value is None or rule == PLAIN


def numbers(value: Json) -> Iterator[float]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


@pytest.mark.parametrize("level", LOWER)
def test_disclosed__tells_nothing_that_is_not_allowed(level: Disclosure) -> None:
    weeks = [
        *followed(town_weeks(), level, areas=town_areas()),
        *lived_seen(level),
    ]
    shown = 0
    for made in weeks:
        summary = json.loads(made.publication.summary)
        assert [at for at, is_allowed in paths(summary, allowed.SUMMARY[level]) if not is_allowed] == []
        for told in properties_of(made):
            shown += 1
            assert [at for at, is_allowed in paths(told, allowed.PROPERTIES[level]) if not is_allowed] == []
        for feature in made.publication.features:
            assert set(json.loads(feature.geojson)) == {"type", "id", "bbox", "geometry", "properties"}
    assert shown > 20


@pytest.mark.parametrize("level", LOWER)
@pytest.mark.parametrize("collection", [HOTSPOTS, RANKINGS], ids=lambda one: one.id)
def test_catalogue__tells_no_more_than_is_allowed(level: Disclosure, collection: Any) -> None:  # noqa: ANN401
    listed = {"edition", "area", "area_name", "area_level", "area_rank"}
    flat = {
        "hotspot_id": "id",
        "trend": "lifecycle_steps",
        "why_nl": "why",
        "why_en": "why",
        **dict.fromkeys(("is_pattern", "peak_start_hour", "peak_hours"), "hot_times"),
    }
    told = {one.name for one in collection.told(level)} - listed
    assert {name for name in told if flat.get(name, name) not in allowed.PROPERTIES[level]} == set()


def test_only__keeps_neither_what_is_unknown_nor_parts_of_what_should_be_plain() -> None:
    value: Any = {"a": 1, "b": {"c": 2}, "d": [{"e": 3, "f": 4}], "g": [1, {"h": 5}], "i": {"j": {"k": 6}}}
    table: Any = {"a": PLAIN, "b": PLAIN, "d": {"e": PLAIN}, "g": PLAIN, "i": {ANY: {"k": PLAIN}}}
    assert only(value, table) == {"a": 1, "b": None, "d": [{"e": 3}], "g": [1], "i": {"j": {"k": 6}}}


CANARIES = {
    "expected": 83.1234,
    "baseline": 6151,
    "p_value": 0.012347,
    "q_value": 0.023459,
    "recurrence_weeks": 7331.25,
    "score_lower": 13.3711,
    "score_upper": 27.1828,
    "p_top3": 0.7117,
    "p_top10": 0.9337,
    "harm_score": 5417.31,
    "harm_rank": 733,
    "repeat_share": 0.4747,
    "recurrence_years": 140.91,
    "relative_risk_lower": 61.4321,
    "relative_risk_upper": 111.2222,
}
"""Numbers that occur nowhere else, one for each thing that must not be told."""


def canary() -> Any:  # noqa: ANN401 - a publication and its shape.
    """A week in which every number and text that must not be told stands out."""
    outline = shapely.Point(176_213.37, 318_231.73).buffer(61.7)
    evidence = factories.evidence(
        observed=7919, expected=83.1234, baseline=6151, relative_risk=97.1357, p_value=0.012347,
        q_value=0.023459, recurrence_weeks=7331.25, places=4703, largest_pile_up=2909, window_weeks=3,
    )  # fmt: skip
    one = replace(
        factories.hotspot("h1", footprint=outline, evidence_of_it=evidence, members=(900_001, 900_002)),
        subthemes=(("canary_subtheme", 7907),),
    )
    properties: dict[str, Any] = {
        **CANARIES,
        "why": {"nl": ["kanarie 7919 op Kanariestraat 12"], "en": ["canary 7919 at Kanariestraat 12"]},
        "what_changed": {"nl": "kanarie 8123", "en": "canary 8123"},
        "counts": {f"weeks_{weeks}": 8009 + weeks for weeks in (1, 4, 12, 52)},
        "weekly_counts": [8101 + week for week in range(52)],
        "sources": {"citizen": 8209, "police": 8219, "unknown": 8221},
        "geocoding": {"precise": 8231, "stated_area_agrees": 8233},
        "near_repeats": {"pairs": 8237, "expected": 82.41},
        "nearby": [{"id": "hs-canarycanary", "distance_m": 131.7, "theme": "theft"}],
        "changes": [{"rank": 8243, "observed": 8263, "area_m2": 82_691.1, "shift_m": 73.1}, None],
        "lifecycle": "new",
        "lifecycle_steps": {
            "counts": [8269] * 13, "expected": [82.73] * 13, "trend": "up", "slope_per_step": 8.287
        },
        "caveats": ["campaign", "pile_up", "canary caveat"],
        "hot_times": {
            "incidents": 8291, "left_out": 8293, "hours": [[8.297] * 24] * 7, "p_value": 0.8311,
            "is_pattern": True, "peak": {"weekdays": [4, 5], "start_hour": 22, "hours": 3, "share": 0.8317},
            "said": {"nl": "kanarie 83 %", "en": "canary 83%"},
        },
        "first_week": "1999-W01", "weeks_listed": 8329, "event": "split", "event_from": ["hs-canarycanary"],
        "gap_weeks": 8353, "canary": 8363,
    }  # fmt: skip
    summary: dict[str, Any] = {
        "as_of": "2010-08-01T21:47:13Z",
        "completeness": {
            "drug_nuisance": {"share": 0.8369, "lower": 0.8377, "upper": 0.8387, "is_known": True}
        },
        "gone": [{"id": "hs-canarycanary", "theme": "theft", "rank": 8389}],
        "alarms": {"q": 0.1, "tests": 8419, "threshold": 0.8423, "rows": [
            {"theme": "drug_nuisance", "area": "BU01", "area_name": "Buurt 1", "level": "neighbourhood",
             "observed": 8429, "expected": 84.31, "ratio": 84.43, "p_value": 0.8447, "is_alarm": True,
             "said": {"nl": "kanarie", "en": "canary"}}]},
        "shifts": [{"theme": "theft", "fall": 84.61, "rise": 84.67, "said": {"nl": "kanarie"}}],
        "hotcrimes": {"q": 0.1, "tests": 8501, "rows": []},
        "concentration": [{"theme": "theft", "places": 8513, "incidents": 8521}],
        "backing": [{"theme": "theft", "incidents": 8527, "hits": 8537, "hit_rate": 0.8539}],
        "hot_times": {"drug_nuisance": properties["hot_times"]},
        "canary": 8543,
    }  # fmt: skip
    return internal([one], week=WEEK, more=Telling({"h1": properties}, summary)), outline


@pytest.mark.parametrize("level", LOWER)
def test_disclosed__leaves_no_exact_number_text_or_position(level: Disclosure) -> None:
    published, outline = canary()
    made = lowered(published, level)
    (feature,) = made.publication.features
    text = made.publication.summary + feature.geojson
    assert re.search(r"(?i)canary|kanarie|1999|21:47|h1\b|900.?00[12]", text) is None
    whole = json.loads(feature.geojson)
    told = [*numbers(json.loads(made.publication.summary)), *numbers(whole["properties"])]
    known = {7919, 4703, 2909, 7907, 97.1357, 3, *CANARIES.values(), *range(8000, 8600)} - (
        {3} if level is PARTNER else set()
    )
    # Three also is a band, hours of a peak and the least that a partner may know of.
    assert {one for one in told if one in known} <= {3.0}
    assert [one for one in told if 0.1 < one < 1 and one not in {0.8, 0.5}] == []
    xy_m = Plane(28992).to_metres(np.array(whole["geometry"]["coordinates"][0][0]))
    side_m = read_rules().of(level).grid_m
    # Degrees are told to seven decimals, a centimetre.
    assert np.abs(xy_m - np.round(xy_m / side_m) * side_m).max() < 0.02
    assert not {round(one, 1) for one in (*outline.bounds, *outline.centroid.coords[0])} & {
        round(one, 1) for one in numbers(whole)
    }


def test_disclosed__brings_evidence_of_partners_to_bands_and_tells_everybody_none() -> None:
    published, _ = canary()
    partner, public = (properties_of(lowered(published, level))[0] for level in LOWER)
    assert (partner["observed"], partner["relative_risk"]) == (5000, 10.0)
    assert {"observed", "relative_risk", "tie", "hot_times", "caveats"} & set(public) == set()
    assert partner["caveats"] == ["campaign"]
    assert partner["hot_times"] == {
        "is_pattern": True,
        "peak": {"weekdays": [4, 5], "start_hour": 22, "hours": 3},
    }
    assert (partner["window_weeks"], public["window_weeks"]) == (3, 4)
    assert (public["window_start"], public["window_end"]) == ("2010-07-05", "2010-08-01")


def test_disclosed__shows_only_what_rests_on_enough_incidents_and_addresses() -> None:
    def one(name: str, observed: int, places: int, largest: int = 1) -> Any:  # noqa: ANN401
        evidence = factories.evidence(observed=observed, places=places, largest_pile_up=largest)
        # The later, the weaker: each has a place of its own.
        x_m = 176_100 + 90 * ord(name[-1]) % 700
        return factories.hotspot(
            name, footprint=shapely.Point(x_m, 318_200).buffer(60), evidence_of_it=evidence
        )

    hotspots = [
        one("a", 9, 2),
        one("b", 4, 4),
        one("c", 6, 5),
        one("d", 9, 4),
        one("e", 12, 6, 8),
        one("f", 5, 5),
    ]
    published = internal(hotspots, week=WEEK)
    ranked = {
        level: [(told["id"], told["rank"]) for told in properties_of(lowered(published, level))]
        for level in LOWER
    }
    assert ranked[PARTNER] == [(name_at(name, PARTNER, KEY), n) for n, name in enumerate("bcdef", start=1)]
    assert ranked[OPEN] == [(name_at(name, OPEN, KEY), n) for n, name in enumerate("cf", start=1)]
    (theme,) = json.loads(lowered(published, OPEN).publication.summary)["themes"]
    assert (theme["state"], theme["hotspots"], theme["counts"]["acute"]["confirmed"]) == ("hotspots", 2, 2)


def test_disclosed__says_the_same_of_a_theme_with_hidden_hotspots_as_of_one_without() -> None:
    weak = factories.hotspot(evidence_of_it=factories.evidence(observed=4, places=4))
    hidden, none = (internal(one, week=WEEK) for one in ([weak], []))
    assert lowered(hidden, OPEN) == lowered(none, OPEN)


def test_disclosed__ranks_ties_among_the_shown() -> None:
    names = ["a", "b", "c", "d"]
    shapes = [shapely.Point(176_100 + 200 * n, 318_200).buffer(60) for n in range(4)]
    evidence = [factories.evidence(places=2 if name == "a" else 6) for name in names]
    hotspots = [
        factories.hotspot(name, footprint=shape, evidence_of_it=one)
        for name, shape, one in zip(names, shapes, evidence, strict=True)
    ]
    ties = Telling({"a": {"tie": 1}, "b": {"tie": 1}, "c": {"tie": 1}, "d": {"tie": 4}})
    told = properties_of(lowered(internal(hotspots, week=WEEK, more=ties), PARTNER))
    assert [(one["rank"], one["tie"]) for one in told] == [(1, 1), (2, 1), (3, 3)]


def test_disclosed__names_places_anew_and_the_same_every_week() -> None:
    weeks = lived_weeks()
    seen = {level: lived_seen(level) for level in LOWER}
    names = {
        level: {feature.id for made in of_level for feature in made.publication.features}
        for level, of_level in seen.items()
    }
    inside = {feature.id for one in weeks for feature in one.features}
    assert not names[OPEN] & names[PARTNER]
    assert not inside & (names[OPEN] | names[PARTNER])
    assert names[OPEN] <= {name_at(name, OPEN, KEY) for name in inside}
    assert name_at("hs-1", OPEN, KEY) != name_at("hs-1", OPEN, KEY[::-1])
    with pytest.raises(InvalidParameter, match="at least 16 bytes, got 5"):
        name_at("hs-1", OPEN, b"short")


def test_disclosed__tells_of_the_past_only_what_the_level_was_told() -> None:
    for level in LOWER:
        first_week: dict[str, str] = {}
        times: dict[str, int] = {}
        before: dict[str, int] = {}
        made = lived_seen(level)
        assert "first_week" not in properties_of(made[0])[0]
        for one in made:
            is_first = one is made[0]
            for told in properties_of(one):
                name = told["id"]
                first_week.setdefault(name, told["week"])
                times[name] = times.get(name, 0) + 1
                if not is_first and told["event"] != "new":
                    assert told["first_week"] == first_week[name]
                    assert told["weeks_listed"] == times[name]
                if not is_first:
                    assert told["previous_rank"] == before.get(name)
                    assert (told["event"] == "continued") == (name in before)
            now = {told["id"]: told["rank"] for told in properties_of(one)}
            summary = json.loads(one.publication.summary)
            if not is_first:
                assert {row["id"] for row in summary["gone"]} == set(before) - set(now)
            before = now


def test_disclosed__gives_the_same_bytes_again() -> None:
    for level in LOWER:
        again = followed(lived_weeks()[:8], level, areas=wide_boundaries())
        assert [one.publication for one in again] == [one.publication for one in lived_seen(level)[:8]]


def test_disclosed__refuses_the_internal_level() -> None:
    with pytest.raises(InvalidParameter, match="the internal level has no rules"):
        lowered(internal([], week=WEEK), Disclosure.INTERNAL)


def test_disclosed__shows_themes_with_something_sensitive_by_district_to_everybody() -> None:
    one = factories.hotspot(theme="high_impact_crime", footprint=shapely.Point(176_200, 318_700).buffer(60))
    published = internal([one], week=WEEK)
    made = lowered(published, OPEN)
    ((name, shape),) = made.shapes.items()
    assert shape.equals(factories.boundaries().of(Level.DISTRICT)[1].geometry)
    (told,) = properties_of(made)
    assert (told["neighbourhood"], told["neighbourhood_name"]) == (None, None)
    assert made.publication.features[0].areas == ("WK02",)
    assert told["id"] == name
    assert "wijk" in told["why"]["nl"][0]
    assert properties_of(lowered(published, PARTNER))[0]["neighbourhood"] == "BU03"


def test_disclosed__leaves_out_alarms_on_few_and_sensitive_ones_of_less_than_a_district() -> None:
    def row(theme: str, area: str, level: str, observed: int) -> dict[str, Any]:
        return {"theme": theme, "area": area, "level": level, "observed": observed, "is_alarm": True}

    rows = [
        row("theft", "BU01", "neighbourhood", 4),
        row("theft", "BU02", "neighbourhood", 5),
        row("high_impact_crime", "BU01", "neighbourhood", 9),
        row("high_impact_crime", "WK01", "district", 9),
    ]
    published = internal([], week=WEEK, more=Telling(summary={"alarms": {"q": 0.1, "rows": rows}}))
    told = {
        level: [
            (one["theme"], one["area"])
            for one in json.loads(lowered(published, level).publication.summary)["alarms"]["rows"]
        ]
        for level in LOWER
    }
    assert told[OPEN] == [("theft", "BU02"), ("high_impact_crime", "WK01")]
    assert len(told[PARTNER]) == 4


def test_disclosed__tells_counts_of_the_matrix_to_partners_without_those_that_tell_a_hidden_one() -> None:
    def row(subtheme: str, area: str, observed: int) -> dict[str, Any]:
        level = "municipality" if area.startswith("GM") else "neighbourhood"
        return {
            "theme": "theft", "subtheme": subtheme, "area": area, "area_name": area, "level": level,
            "observed": observed, "expected": 1.1, "trend": "none", "is_alarm": False,
        }  # fmt: skip

    rows = [row("a", "GM0001", 9), row("a", "BU01", 5), row("a", "BU02", 3), row("a", "BU03", 1)]
    rows += [
        row("b", "GM0001", 6),
        row("b", "BU01", 2),
        row("b", "BU02", 2),
        row("b", "BU03", 1),
        row("b", "BU04", 1),
    ]
    published = internal([], week=WEEK, more=Telling(summary={"hotcrimes": {"q": 0.1, "rows": rows}}))
    partner, public = (json.loads(lowered(published, level).publication.summary) for level in LOWER)
    told = [(one["subtheme"], one["area"], one["observed"]) for one in partner["hotcrimes"]["rows"]]
    # Of a, total less parts would be the one; of b, two to six in four places tell of none of them.
    assert told == [("a", "BU01", 5), ("a", "BU02", 3)]
    assert "hotcrimes" not in public


def test_disclosed__tells_neither_the_form_nor_a_pile() -> None:
    one = replace(factories.hotspot(), form=Form.DOT, pile_up=True, kind=Kind.CHRONIC)
    published = internal([one], week=WEEK)
    assert lowered(published, OPEN).publication.features == ()
    (told,) = properties_of(lowered(published, PARTNER))
    assert {"form", "pile_up", "places", "largest_pile_up", "centroid", "area_m2"} & set(told) == set()
