"""The chain shows what was changed, removed, inserted, moved or cut off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.audit import BEGINNING, Act, Anchor, Entry, Sealed, chain, entry_text, verify
from hotspot.errors import InvalidInput


def entry(**changes: object) -> Entry:
    usual = Entry(
        at_ms=1_795_000_000_000,
        request="r1",
        act=Act.ANSWERED,
        who="area team East",
        key="0123456789ab",
        role="area_team",
        level="internal",
        areas="BU1 BU2",
        purpose="area_work",
        method="GET",
        path="/v1/collections/hotspots/items",
        query="limit=10",
        status=200,
        records=10,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # One keyword per field.


def whole(n: int = 6) -> list[Sealed]:
    return list(chain([entry(request=f"r{i}", records=i) for i in range(n)], after=None))


def test_chain__begins_with_nothing_and_goes_on() -> None:
    first, second = whole(2)
    assert (first.number, first.previous_hash) == (1, BEGINNING)
    assert (second.number, second.previous_hash) == (2, first.hash)
    (third,) = chain([entry()], after=Anchor(second.number, second.hash))
    assert (third.number, third.previous_hash) == (3, second.hash)
    found = verify([first, second, third])
    assert (found.entries, found.end, found.faults) == (3, Anchor(3, third.hash), ())


def test_verify__of_an_empty_log_finds_nothing() -> None:
    assert verify([]).end is None
    assert verify([], [Anchor(1, "a" * 64)]).faults == (
        "entry 1 is missing: the anchor names it, the end was cut off",
    )


@pytest.mark.parametrize("field", Entry.__dataclass_fields__)
def test_verify__finds_a_change_of_any_field(field: str) -> None:
    chained = whole()
    others: dict[str, Any] = {"at_ms": 1, "status": 404, "records": None, "areas": None}
    other = others.get(field, "other")
    chained[2] = replace(chained[2], entry=replace(chained[2].entry, **{field: other}))
    assert verify(chained).faults == ("entry 3 was changed",)


def test_verify__finds_what_was_removed_moved_inserted_and_written_anew() -> None:
    chained = whole()
    assert "entries 3 to 3 are missing" in verify(chained[:2] + chained[3:]).faults[0]
    moved = [chained[0], replace(chained[2], number=2), replace(chained[1], number=3), *chained[3:]]
    assert any("was changed" in fault for fault in verify(moved).faults)
    # Removed, and what follows numbered and sealed anew up to a point: the next one does not follow.
    forged = list(chain([one.entry for one in (chained[0], chained[2])], after=None))
    spliced = [*forged, *chained[2:]]
    assert any("does not follow" in fault for fault in verify(spliced).faults)


def test_verify__finds_a_cut_end_and_a_new_chain_by_an_anchor() -> None:
    chained = whole()
    anchor = Anchor(6, chained[-1].hash)
    assert verify(chained, [anchor]).faults == ()
    assert verify(chained[:4]).faults == ()
    assert "the end was cut off" in verify(chained[:4], [anchor]).faults[0]
    anew = list(chain([replace(one.entry, who="nobody") for one in chained], after=None))
    assert verify(anew).faults == ()
    assert "written anew" in verify(anew, [anchor]).faults[0]


@given(st.text())
def test_anchor__any_text_parses_or_raises_our_error(text: str) -> None:
    try:
        assert str(Anchor.parse(text)) == text
    except InvalidInput as error:
        assert "NUMBER:HASH" in str(error)


def test_anchor__reads_what_it_says() -> None:
    anchor = Anchor(12, "ab" * 32)
    assert Anchor.parse(str(anchor)) == anchor


@given(st.text(max_size=50))
def test_entry_text__can_be_kept_by_any_database(text: str) -> None:
    kept = entry_text(text)
    assert "\0" not in kept
    kept.encode()


def test_entry_text__holds_no_key_and_is_not_endless() -> None:
    assert "hsk_" not in entry_text("a=hsk_0123456789ab_" + "f" * 64)
    assert len(entry_text("a" * 100_000)) < 10_000
