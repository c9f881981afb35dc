"""Notes say something, stay small, go forward, and age where nobody acts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from hotspot.errors import InvalidParameter
from hotspot.notes import Action, Note, Status, Verdict, dossier, require_follows
from hotspot.weeks import Week

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
REMARK = Note("hs-1", "area team East", NOW, Verdict.REMARK, "Seen on Friday.", None)
ACTION = Action("patrol on Fridays", "area team East", dt.date(2026, 12, 4), Status.AGREED)


def _acting(status: Status) -> Note:
    return Note("hs-1", "area team East", NOW, None, "", replace(ACTION, status=status))


def test_note__refuses_what_says_nothing_or_too_much_all_at_once() -> None:
    with pytest.raises(InvalidParameter) as refusal:
        Note("hs-1", "", NOW, None, "", None)
    assert "author must have 1 to 100 characters, got 0" in str(refusal.value)
    assert "a note must have a verdict or an action, got neither" in str(refusal.value)
    with pytest.raises(InvalidParameter, match="text must have 1 to 2000 characters, got 2001"):
        replace(REMARK, text="a" * 2001)
    with pytest.raises(InvalidParameter, match="control characters"):
        replace(REMARK, text="a\x00b")
    with pytest.raises(InvalidParameter, match="who must have 1 to 100 characters, got 0"):
        Note("hs-1", "team", NOW, None, "", replace(ACTION, who="  "))


def test_dossier__takes_the_latest_verdict_and_action() -> None:
    confirmed, rejected = (replace(REMARK, verdict=one) for one in (Verdict.CONFIRMED, Verdict.REJECTED))
    of = dossier([confirmed, _acting(Status.SIGNALLED), rejected, _acting(Status.AGREED), REMARK])
    assert of.verdict is Verdict.REJECTED
    assert of.action == ACTION
    assert len(of.notes) == 5
    assert dossier([REMARK]).verdict is None


@pytest.mark.parametrize(("before", "after"), [("agreed", "signalled"), ("closed", "agreed")])
def test_require_follows__refuses_to_go_back(before: str, after: str) -> None:
    with pytest.raises(InvalidParameter, match=f"it is {before}"):
        require_follows(_acting(Status(after)), dossier([_acting(Status(before))]))


@pytest.mark.parametrize(
    ("before", "after"), [("agreed", "agreed"), ("signalled", "under_way"), ("closed", "signalled")]
)
def test_require_follows__lets_it_go_on_or_begin_anew(before: str, after: str) -> None:
    require_follows(_acting(Status(after)), dossier([_acting(Status(before))]))
    require_follows(REMARK, dossier([_acting(Status(before))]))


def test_weeks_without_action__count_from_the_first_week_until_somebody_acts() -> None:
    first, week = Week(2026, 44), Week(2026, 47)
    assert dossier([]).weeks_without_action(first, week) == 4
    assert dossier([REMARK]).weeks_without_action(first, week) == 4
    assert dossier([replace(REMARK, verdict=Verdict.REJECTED)]).weeks_without_action(first, week) == 0
    assert dossier([_acting(Status.AGREED)]).weeks_without_action(first, week) == 0
    # Closed on Monday of week 48: what is listed after that ages again.
    closed = dossier([_acting(Status.CLOSED)])
    assert [closed.weeks_without_action(first, week.plus(n)) for n in range(4)] == [0, 0, 1, 2]
    assert dossier([]).weeks_without_action(week, first) == 0
