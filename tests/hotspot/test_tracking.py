import time
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.model import Hotspot, Kind
from hotspot.same_place import Rule
from hotspot.tracking import EMPTY, End, Entry, Event, Followed, Gone, follow
from hotspot.weeks import Week
from tests.lives import DRIFT_M, FIRST, City, lives, score, seen

SMALL = City(lives=6, weeks=14, split=0.06, merge=0.1, gap=0.1, missing_run=0.1)


def weeks(*lists: Sequence[Hotspot]) -> list[tuple[Week, Sequence[Hotspot]]]:
    """Lists of weeks that follow each other."""
    return [(FIRST.plus(number), found) for number, found in enumerate(lists)]


def names(followed: Followed) -> dict[str, str]:
    return {entry.hotspot_id: entry.id for entry in followed.entries}


def test_follow__nothing_gives_nothing() -> None:
    assert follow([]) == ()
    (empty,) = follow(weeks([]))
    assert (empty.entries, empty.gone, empty.memory.places) == ((), (), ())


def test_follow__a_hotspot_is_born_under_its_own_id_and_keeps_it() -> None:
    first, second = follow(weeks([seen("a")], [seen("b", (20, 0))]))
    assert first.entries == (Entry("a", "a", Event.NEW, (), 0, FIRST, 1),)
    assert second.by_hotspot()["b"] == Entry("b", "a", Event.CONTINUED, (), 0, FIRST, 2)
    assert second.gone == ()


def test_follow__a_drift_of_20_m_a_week_is_followed_however_far_it_goes() -> None:
    path = [[seen(f"h{week:02}", (DRIFT_M * week, 0), radius_m=45)] for week in range(52)]
    assert {entry.id for week in follow(weeks(*path)) for entry in week.entries} == {"h00"}


@pytest.mark.parametrize(
    ("gap", "name", "event"), [(1, "a", "returned"), (4, "a", "returned"), (5, "b", "new")]
)
@pytest.mark.parametrize("runs", ["runs", "no runs"])
def test_follow__bridges_gaps_of_four_weeks_whether_there_were_runs_or_not(
    gap: int, name: str, event: str, runs: str
) -> None:
    history: list[tuple[Week, Sequence[Hotspot]]] = [(FIRST, [seen("a")])]
    if runs == "runs":
        history += [(FIRST.plus(number), []) for number in range(1, gap + 1)]
    history.append((FIRST.plus(gap + 1), [seen("b")]))
    (entry,) = follow(history)[-1].entries
    assert (entry.id, entry.event) == (name, event)
    assert entry.gap_weeks == (gap if event == "returned" else 0)
    assert entry.weeks_listed == (2 if event == "returned" else 1)


def test_follow__what_is_not_listed_is_gone_once_and_no_more_than_once() -> None:
    _, second, third = follow(weeks([seen("a")], [], []))
    assert second.gone == (Gone("a", End.ENDED, None),)
    assert third.gone == ()


def test_follow__what_was_listed_before_weeks_without_runs_is_gone_however_long_they_lasted() -> None:
    _, later = follow([(FIRST, [seen("a")]), (FIRST.plus(30), [seen("b", (900, 0))])])
    assert later.gone == (Gone("a", End.ENDED, None),)
    assert [place.id for place in later.memory.places] == ["b"]


def test_follow__a_split_gives_the_name_to_the_larger_part_and_a_new_one_to_the_other() -> None:
    whole = seen("a", radius_m=120, members=range(12))
    parts = [
        seen("b", (-70, 0), radius_m=60, members=range(4)),
        seen("c", (50, 0), radius_m=80, members=range(4, 12)),
    ]
    _, split = follow(weeks([whole], parts))
    assert split.by_hotspot()["c"] == Entry("c", "a", Event.CONTINUED, (), 0, FIRST, 2)
    assert split.by_hotspot()["b"] == Entry("b", "b", Event.SPLIT, ("a",), 0, FIRST.plus(1), 1)


def test_follow__a_birth_200_m_away_is_no_split() -> None:
    _, second = follow(
        weeks([seen("a", radius_m=100)], [seen("b", radius_m=100), seen("c", (200, 0), radius_m=100)])
    )
    assert second.by_hotspot()["c"].event is Event.NEW


def test_follow__a_merge_keeps_the_name_of_the_one_that_is_most_alike_and_ends_the_other() -> None:
    before = [seen("a", (-60, 0), members=[1, 2]), seen("b", (60, 0), members=[3, 4, 5, 6])]
    union = shapely.union_all([hotspot.footprint for hotspot in before]).convex_hull
    assert isinstance(union, shapely.Polygon)
    both = seen("c", (20, 0), outline=union, members=[1, 2, 3, 4, 5, 6])
    _, merged, later = follow(weeks(before, [both], [both, seen("d", (-160, 0))]))
    assert merged.entries == (Entry("c", "b", Event.MERGED, ("a",), 0, FIRST, 2),)
    assert merged.gone == (Gone("a", End.MERGED, "b"),)
    assert names(later) == {"c": "b", "d": "d"}, "a name that ended in another does not come back"


def test_follow__a_merge_of_equals_keeps_the_name_of_the_older() -> None:
    for old, young in (("a", "z"), ("z", "a")):
        lists = [
            [seen(old, (-60, 0))],
            [seen(old, (-60, 0)), seen(young, (60, 0))],
            [seen("m", radius_m=120)],
        ]
        assert names(follow(weeks(*lists))[-1]) == {"m": old}


def test_follow__each_name_goes_to_one_hotspot_and_the_nearest_pairs_win() -> None:
    before = [seen("a", (0, 0)), seen("b", (140, 0)), seen("c", (280, 0))]
    after = [seen("x", (140, 0)), seen("y", (280, 0)), seen("z", (420, 0))]
    _, second = follow(weeks(before, after))
    assert names(second) == {"x": "b", "y": "c", "z": "z"}, "not every one a place further"


def test_follow__themes_and_kinds_are_followed_apart_at_the_same_place() -> None:
    before = [seen("a"), seen("b", theme="drugs"), seen("c", kind=Kind.CHRONIC)]
    after = [seen("x", kind=Kind.CHRONIC), seen("y"), seen("z", theme="noise")]
    assert names(follow(weeks(before, after))[-1]) == {"x": "c", "y": "a", "z": "z"}


def test_follow__one_place_is_overlap_or_nearness_or_shared_incidents() -> None:
    def is_same(now: Hotspot, *, radius_m: float = 60.0, members: Sequence[int] = ()) -> bool:
        return names(follow(weeks([seen("a", radius_m=radius_m, members=members)], [now]))[-1])["b"] == "a"

    assert is_same(seen("b", (150, 0)))
    assert not is_same(seen("b", (151, 0)))
    assert is_same(seen("b", (200, 0), radius_m=250), radius_m=250)
    assert not is_same(seen("b", (250, 0), radius_m=200), radius_m=200)
    assert is_same(seen("b", (300, 0), radius_m=200, members=range(3)), radius_m=200, members=range(10))
    assert not is_same(
        seen("b", (300, 0), radius_m=200, members=range(9, 99)), radius_m=200, members=range(10)
    )
    assert not is_same(seen("b", (3000, 0), members=range(3)), members=range(10))


def test_follow__numbers_a_name_that_was_given_before() -> None:
    lists = [[seen("a")], [seen("a", (900, 0))], [seen("a", (1800, 0)), seen("b", (900, 0))]]
    followed = follow(weeks(*lists))
    assert [sorted(names(week).values()) for week in followed] == [["a"], ["a-2"], ["a-2", "a-3"]]
    assert followed[-1].memory.names == {"a", "a-2", "a-3"}


def test_follow__refuses_what_is_out_of_order_or_named_twice() -> None:
    after = follow(weeks([seen("a")]))[-1].memory
    with pytest.raises(InvalidParameter, match="followed in order, got 2024-W40 after 2024-W40"):
        follow([(FIRST, [])], memory=after)
    with pytest.raises(InvalidParameter, match="each hotspot once, got a more than once"):
        follow(weeks([seen("a"), seen("a", (900, 0))]))


@pytest.mark.parametrize(
    "wrong",
    [{"overlap": 0.0}, {"members": 1.5}, {"part": float("nan")}, {"apart_m": 0.0}, {"max_gap_weeks": -1}],
)
def test_rule__refuses_what_is_out_of_bounds(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidParameter, match=next(iter(wrong))):
        Rule(**wrong)  # type: ignore[arg-type]  # One of them is a whole number.


def test_follow__without_a_memory_for_gaps_every_return_is_a_birth() -> None:
    followed = follow(weeks([seen("a")], [], [seen("b")]), rule=Rule(max_gap_weeks=0))
    assert names(followed[-1]) == {"b": "b"}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 14))
def test_follow__in_two_parts_is_the_same_as_at_once(seed: int, cut: int) -> None:
    history = lives(SMALL, np.random.default_rng(seed)).weeks
    whole = follow(history)
    first = follow(history[:cut])
    rest = follow(history[cut:], memory=first[-1].memory if first else EMPTY)
    assert first + rest == whole


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
def test_follow__does_not_care_about_the_order_within_a_week(seed: int, random: st.DataObject) -> None:
    history = lives(SMALL, np.random.default_rng(seed)).weeks
    shuffled = [(week, random.sample(found, len(found))) for week, found in history]  # type: ignore[attr-defined]
    assert follow(shuffled) == follow(history)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_follow__uses_a_name_once_a_week_and_never_again_after_its_end(seed: int) -> None:
    ended: set[str] = set()
    for week in follow(lives(SMALL, np.random.default_rng(seed)).weeks):
        given_names = [entry.id for entry in week.entries]
        assert len(set(given_names)) == len(given_names)
        assert ended.isdisjoint(given_names)
        assert {entry.id == entry.hotspot_id for entry in week.entries if entry.weeks_listed == 1} <= {True}
        ended |= {gone.id for gone in week.gone if gone.event is End.MERGED}
        merged = {
            (name, entry.id)
            for entry in week.entries
            if entry.event is Event.MERGED
            for name in entry.event_from
        }
        assert merged == {(gone.id, gone.into) for gone in week.gone if gone.event is End.MERGED}


def test_follow__names_98_of_100_hotspots_rightly() -> None:
    scores = []
    for seed in range(4):
        history = lives(City(), np.random.default_rng([4, seed]))
        scores.append(score(history, follow(history.weeks)))
    assert sum(one.right for one in scores) >= 0.98 * sum(one.hotspots for one in scores)


@pytest.mark.benchmark
def test_follow__takes_less_than_a_second_for_a_year_of_sixty_hotspots() -> None:
    history = lives(City(lives=60), np.random.default_rng(5)).weeks
    started = time.process_time()
    follow(history)
    assert time.process_time() - started < 1.0
