"""Claims about what a corrected edition says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.differences import SEEN, Change, Difference, differences
from hotspot.model import Label


def line(name: str = "a", **told: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON.
    """A published feature."""
    properties: dict[str, Any] = {
        "id": name,
        "theme": "theft",
        "rank": 1,
        "kind": "acute",
        "grade": "confirmed",
        "form": "area",
        "observed": 6,
        "expected": 1.2,
        "relative_risk": 3.8,
        "places": 4,
        "window_weeks": 4,
        "neighbourhood_name": "Wyck",
        "pile_up": False,
        "lifecycle": "new",
        "p_value": 0.01,
        "score": 2.5,
    }
    return {"type": "Feature", "properties": properties | told}


def between(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    summary_before: dict[str, Any] | None = None,
    summary_after: dict[str, Any] | None = None,
) -> tuple[Difference, ...]:
    return differences(before, after, summary_before=summary_before or {}, summary_after=summary_after or {})


def summary(
    *, share: float = 0.9, state: str = "hotspots", window: int = 40, is_known: bool = True
) -> dict[str, Any]:
    return {
        "themes": [{"theme": "theft", "state": state, "window_incidents": window, "candidates": 3}],
        "completeness": {"theft": {"share": share if is_known else None, "is_known": is_known}},
    }


def test_differences__of_an_edition_with_itself_are_none() -> None:
    assert between([line(), line("b", rank=2)], [line("b", rank=2), line()], summary(), summary()) == ()


def test_differences__of_a_line_that_came() -> None:
    (found,) = between([], [line()])
    assert (found.kind, found.id, found.rank_before, found.rank_after) == (Change.ADDED, "a", None, 1)
    assert found.fields == {}
    assert found.said == Label(
        "Plaats 1, Wyck: stond niet in de eerdere editie (6 voorvallen, 1,2 verwacht).",
        "Rank 1, Wyck: was not in the earlier edition (6 events, 1.2 expected).",
    )


def test_differences__of_a_line_that_went() -> None:
    (found,) = between([line(rank=3, observed=1, neighbourhood_name=None)], [])
    assert (found.kind, found.rank_before, found.rank_after) == (Change.REMOVED, 3, None)
    assert found.said == Label(
        "Eerder plaats 3: vervalt (1 voorval, 1,2 verwacht).",
        "Earlier rank 3: is dropped (1 event, 1.2 expected).",
    )


def test_differences__of_a_line_that_changed() -> None:
    (found,) = between([line(rank=2, grade="likely")], [line(observed=8, expected=1.31)])
    assert found.kind is Change.CHANGED
    assert found.fields == {
        "rank": (2, 1),
        "grade": ("likely", "confirmed"),
        "observed": (6, 8),
        "expected": (1.2, 1.31),
    }
    assert list(found.fields) == ["rank", "grade", "observed", "expected"]
    assert found.said == Label(
        "Plaats 1, Wyck: plaats van 2 naar 1, zekerheid van waarschijnlijk naar bevestigd, voorvallen van 6 "
        "naar 8, verwacht van 1,2 naar 1,3.",
        "Rank 1, Wyck: rank from 2 to 1, grade from likely to confirmed, events from 6 to 8, expected from "
        "1.2 to 1.3.",
    )


@pytest.mark.parametrize(
    "unseen", [{"expected": 1.2049}, {"p_value": 0.02}, {"score": 9.9}, {"relative_risk": 3.801}]
)
def test_differences__leave_out_what_no_reader_sees(unseen: dict[str, Any]) -> None:
    assert between([line()], [line("a", **unseen)]) == ()


def test_differences__take_nothing_unsaid_for_a_change() -> None:
    early = {
        "properties": {"id": "a", "theme": "theft", "rank": 1, "observed": 6, "p_value": 0.01, "places": 4}
    }
    assert between([early], [line()]) == ()
    # What an early edition meant without saying is compared: every hotspot was acute and confirmed.
    (found,) = between([early], [line(grade="likely")])
    assert found.fields == {"grade": ("confirmed", "likely")}


def test_differences__say_when_a_value_became_known() -> None:
    (found,) = between([line(neighbourhood_name=None)], [line()])
    assert found.said.nl == "Plaats 1, Wyck: buurt van onbekend naar Wyck."


def test_differences__say_yes_and_no() -> None:
    (found,) = between([line()], [line(pile_up=True)])
    assert found.said.en == "Rank 1, Wyck: pile-up at one point from no to yes."


def test_differences__of_a_theme_come_before_its_lines() -> None:
    before, after = summary(state="not_enough_data", window=4), summary(share=0.97)
    whole, one = between([], [line()], before, after)
    assert (whole.id, whole.rank_before, whole.rank_after) == (None, None, None)
    assert whole.said.nl == (
        "Het hele thema: uitkomst van te weinig gegevens naar hotspots, incidenten in het venster van 4 naar "
        "40, gemeld van 90\u00a0% naar 97\u00a0%."
    )
    assert one.kind is Change.ADDED


def test_differences__do_not_compare_a_completeness_that_is_not_known() -> None:
    assert between([], [], summary(is_known=False), summary()) == ()
    assert between([], [], {"themes": summary()["themes"]}, summary()) == ()


def test_differences__come_by_theme_and_rank() -> None:
    before = [line("x", theme="theft", rank=2), line("y", theme="burglary", rank=5)]
    after = [line("z", theme="theft", rank=1), line("w", theme="burglary", rank=3)]
    assert [found.id for found in between(before, after)] == ["w", "y", "z", "x"]


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_differences__are_the_same_in_any_order(one: list[int], other: list[int]) -> None:
    before = [line(str(i), rank=i + 1) for i in range(5)]
    after = [line(str(i), rank=5 - i, observed=i) for i in range(1, 6)]
    shuffled = between([before[i] for i in one], [after[i] for i in other])
    assert shuffled == between(before, after)


@given(
    st.dictionaries(
        st.sampled_from(sorted(SEEN)), st.none() | st.integers(0, 9) | st.floats(0, 9) | st.text(max_size=5)
    )
)
def test_differences__are_said_for_any_values(values: dict[str, Any]) -> None:
    values["rank"] = 2
    (found,) = between([line()], [line(**values)])
    assert found.said.nl.endswith(".")
    assert found.said.en.endswith(".")
