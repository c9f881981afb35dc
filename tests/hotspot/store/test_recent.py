"""Claims about what is kept of late: no more than its weight, and the longest unused goes first."""

from __future__ import annotations

from hotspot.store.recent import Recent


def test_recent__keeps_up_to_its_weight_and_lets_go_of_what_was_not_used_for_longest() -> None:
    kept: Recent[str] = Recent(10)
    for name in ("a", "b", "c"):
        kept.keep(name, name.upper(), 3)
    assert kept.find("a") == "A"
    kept.keep("d", "D", 4)
    assert [name for name in "abcd" if name in kept] == ["a", "c", "d"]
    assert kept.find("b") is None


def test_recent__keeps_the_first_of_a_name_and_weighs_it_once() -> None:
    kept: Recent[str] = Recent(4)
    for thing in ("first", "second"):
        kept.keep("a", thing, 2)
    kept.keep("b", "other", 2)
    assert kept.find("a") == "first"
    assert kept.find("b") == "other"


def test_recent__does_not_keep_what_is_too_heavy() -> None:
    kept: Recent[str] = Recent(4)
    kept.keep("a", "heavy", 5)
    assert "a" not in kept
    kept.keep("b", "light", 4)
    assert kept.find("b") == "light"
