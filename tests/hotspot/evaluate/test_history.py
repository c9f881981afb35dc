"""Forecasts on real history: what is counted, and that nothing looks ahead."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.evaluate import history as histories
from hotspot.evaluate.history import Case, Catch, HistoryReport, history, past_of, report
from hotspot.evaluate.history_tables import history_tables, table
from hotspot.evaluate.registers import (
    FOOT_M,
    Register,
    chicago_burglaries,
    chicago_sample,
    portland,
    st_louis,
)
from hotspot.evaluate.surfaces import LABELS, OURS, surfaces


def register(*, weeks: int = 40, per_week: int = 12, seed: int = 1) -> Register:
    """One corner is always full, the rest has some."""
    rng = np.random.default_rng(seed)
    n = weeks * per_week
    xy_m = rng.uniform(0, 4000, (n, 2))
    xy_m[::3] = rng.uniform(0, 200, (xy_m[::3].shape))
    return Register("Nowhere", xy_m, np.arange(n) // per_week, np.full(n, "theft", object), weeks)


def case(ours: list[int], counts: list[int], *, incidents: int = 10) -> Case:
    """A case in which all others caught one number."""

    def catch(hits: list[int]) -> Catch:
        return Catch(np.array(hits), sum(hits) / incidents / len(hits), 0.0, 1.0, 1.0, 1.0)

    n = len(ours)
    catches = {name: catch(ours if name == OURS else counts) for name in LABELS}
    return Case(
        "Nowhere",
        "theft",
        200.0,
        "1% of the developed area",
        1,
        n,
        np.full(n, incidents),
        np.full(n, 0.01),
        np.full(n, 8),
        catches,
    )


def test_surfaces__do_not_look_ahead() -> None:
    whole = register()
    past = whole.week < 30
    cut = replace(whole, xy_m=whole.xy_m[past], week=whole.week[past], theme=whole.theme[past])
    (drawn,) = surfaces(past_of(whole, "theft", cell_m=200.0), [30], horizon_weeks=1)
    (again,) = surfaces(past_of(cut, "theft", cell_m=200.0), [30], horizon_weeks=1)
    known = np.isfinite(drawn[OURS])
    for name in LABELS:
        assert np.array_equal(np.isfinite(drawn[name]), known)
        assert np.array_equal(drawn[name][known], again[name][np.isfinite(again[name])])


def test_surfaces__put_the_full_corner_first() -> None:
    past = past_of(register(), "theft", cell_m=200.0)
    for drawn in surfaces(past, [30, 35], horizon_weeks=1):
        corner = np.flatnonzero((past.row == 0) & (past.column == 0))[0]
        for name in ("ours", "counts_12", "counts_52", "kde_12", "kde_52"):
            assert np.argmax(drawn[name]) == corner


def test_history__counts_by_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # The full corner is one cell of the 1 % that are marked: it holds a third of what comes.
    (tmp_path / "made").mkdir()
    monkeypatch.setattr(histories, "READERS", {"made": lambda _: register(), "gone": lambda _: register()})
    monkeypatch.setattr(histories, "_WEEKS", {"made": 8, "gone": 8})
    found = history(tmp_path)
    assert found.skipped == (f"gone: not in {tmp_path.name}",)
    assert [one.marked for one in found.cases] == ["1% of the developed area", "3% of the developed area"]
    first = found.cases[0]
    assert first.incidents.tolist() == [12] * 8
    assert first.catches[OURS].hit_rate >= 1 / 3
    assert first.catches[OURS].pei <= 1
    assert first.catches[OURS].hits.tolist() <= first.best.tolist()
    assert first.catches[OURS].pai == pytest.approx(
        first.catches[OURS].hits.sum() / (first.incidents * first.area_share).sum()
    )
    assert found.is_never_below_counts
    assert found.margins == history(tmp_path).margins


def test_report__tells_above_from_below() -> None:
    above = report([case([6, 7, 6, 8] * 5, [3, 4, 3, 3] * 5)], [], seed=1)
    below = report([case([3, 4, 3, 3] * 5, [6, 7, 6, 8] * 5)], [], seed=1)
    assert above.margins[0].difference == pytest.approx(0.35)
    assert [above.is_never_below_counts, above.is_above_rivals] == [True, True]
    assert [below.is_never_below_counts, below.is_above_rivals] == [False, False]


def test_report__few_periods_have_wider_intervals_than_percentiles() -> None:
    # 2.5 % at either end become 0.6 % with eight periods and stay what they are with very many.
    assert histories._outside(8) == pytest.approx(0.0057, abs=2e-4)
    assert histories._outside(100_000) == pytest.approx(0.025, abs=1e-4)


def test_history_tables__are_markdown_and_hold_every_case() -> None:
    found = report(
        [case([6, 7], [3, 4]), replace(case([1, 2], [3, 4]), city="Portland", marked="0.25 sq mi")],
        [],
        seed=1,
    )
    text = history_tables(found)
    assert text.startswith("## On real history")
    assert all(label in text for label in LABELS.values())
    assert text.count("Portland, theft") == 1
    widths = {line.count("|") for line in text.splitlines() if line.startswith("| Nowhere, theft")}
    assert widths == {7}
    assert table(["a", "b"], [["x", "1"]]) == "| a | b |\n| --- | ---: |\n| x | 1 |\n"


def test_history_tables__say_what_is_missing(tmp_path: Path) -> None:
    found = history(tmp_path)
    assert isinstance(found, HistoryReport)
    assert found.cases == ()
    assert history_tables(found).count("Skipped: ") == 4


def test_registers__are_whole(shared_data: Path) -> None:
    for read, weeks, least in ((chicago_burglaries, 51, 11_000), (chicago_sample, 143, 24_000)):
        found = read(shared_data)
        assert [found.weeks, len(found.week) > least] == [weeks, True]
        assert [found.week.min(), found.week.max()] == [0, weeks - 1]
        assert (found.xy_m.max(axis=0) - found.xy_m.min(axis=0) < 60_000).all()


def test_registers__portland_ends_where_the_challenge_begins(shared_data: Path) -> None:
    found = portland(shared_data)
    rows = pd.read_csv(shared_data / "portland_nij" / "burglary_to_2017-02-28.csv.gz")
    last = rows[rows["occ_date"] >= "2017-02-22"]
    of_last = (found.week == 259) & (found.theme == "burglary")
    assert np.count_nonzero(of_last) == len(last)
    assert found.xy_m[of_last][:, 0].sum() == pytest.approx(last["x_coordina"].sum() * FOOT_M)


def test_registers__st_louis_has_its_themes_and_no_strays(shared_data: Path) -> None:
    found = st_louis(shared_data)
    assert {"drugs", "burglary", "robbery", "theft", "other"} <= {*found.theme}
    assert (np.ptp(found.xy_m, axis=0) < 60_000).all()


def test_history__chicago_burglaries_2016_is_far_above_what_practice_does(shared_data: Path) -> None:
    found = history(shared_data, registers=["chicago/burglaries_2016.csv.gz"])
    assert [one.periods for one in found.cases] == [26, 26]
    assert found.is_never_below_counts
    assert found.is_above_rivals


@pytest.mark.benchmark
def test_history__bars_of_issue_3_on_all_registers(shared_data: Path) -> None:
    found = history(shared_data)
    print(history_tables(found))  # noqa: T201 - its purpose.
    assert found.skipped == ()
    assert found.is_never_below_counts
    assert found.is_above_rivals
