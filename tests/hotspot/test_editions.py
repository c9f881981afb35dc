"""An edition published before there were kinds and grades is read as what it was."""

from __future__ import annotations

from hotspot.editions import told


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
