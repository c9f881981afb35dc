"""An edition published before there were kinds and grades is read as what it was."""

from __future__ import annotations

import pytest

from hotspot.editions import feature_id, hotspot_and_week, told
from hotspot.weeks import Week


def test_told__completes_what_an_early_edition_leaves_unsaid() -> None:
    early = {"properties": {"rank": 1, "p_value": 0.02, "places": 4, "pile_up": True}}
    assert told(early) == {
        "rank": 1,
        "p_value": 0.02,
        "places": 4,
        "pile_up": True,
        "kind": "acute",
        "grade": "confirmed",
        "form": "area",
        "q_value": 0.02,
    }
    assert told({"properties": {"places": 1}})["form"] == "dot"


def test_told__leaves_what_is_said_as_it_is() -> None:
    said = {
        "kind": "chronic",
        "grade": "likely",
        "form": "line",
        "q_value": 0.08,
        "p_value": 0.3,
        "places": 1,
    }
    assert told({"properties": said}) == said


@pytest.mark.parametrize(
    ("name", "hotspot_id", "week"),
    [
        ("hs-3f2a91c07b44-2026-W30", "hs-3f2a91c07b44", Week(2026, 30)),
        ("hs-3f2a91c07b44", "hs-3f2a91c07b44", None),
        ("hs-2026-W60", "hs-2026-W60", None),
        ("-2026-W30", "-2026-W30", None),
    ],
)
def test_hotspot_and_week__reads_the_name_of_a_feature_or_of_a_hotspot(
    name: str, hotspot_id: str, week: Week | None
) -> None:
    assert hotspot_and_week(name) == (hotspot_id, week)
    if week is not None:
        assert feature_id(hotspot_id, week) == name
