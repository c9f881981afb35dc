"""The bars of issue 3, section 3, on cities and weeks that the report has not seen."""

import os

import pytest

from hotspot.evaluate.bars import Bar, bars
from hotspot.evaluate.detectors import methods
from hotspot.evaluate.evaluation import FULL, Evaluation, evaluate
from hotspot.evaluate.report import bar_table

pytestmark = pytest.mark.benchmark

SEED = 11
"""Another than the report's."""


@pytest.fixture(scope="module")
def found() -> Evaluation:
    measured = evaluate(FULL, methods(None), seed=SEED, processes=os.cpu_count() or 1)
    print(bar_table(measured))  # noqa: T201 - its purpose.
    return measured


def missed(found: Evaluation, *words: str) -> list[Bar]:
    """Select the bars of a section that were not cleared; there must be some to clear."""
    section = [bar for bar in bars(found) if any(word in bar.what for word in words)]
    assert section
    return [bar for bar in section if not bar.passed]


def test_null_weeks__show_a_confirmed_hotspot_in_15_of_200_at_most(found: Evaluation) -> None:
    assert not missed(found, "null weeks with a confirmed acute")


def test_near_repeats_and_doubles__do_little_harm(found: Evaluation) -> None:
    assert not missed(found, "near repeats", "registered twice")


def test_drift__does_little_harm(found: Evaluation) -> None:
    assert not missed(found, "drift")


def test_recall__is_above_every_baseline_at_five_per_cent(found: Evaluation) -> None:
    assert not missed(found, "recall above")


def test_acute__few_are_false_and_they_are_where_they_should_be(found: Evaluation) -> None:
    assert not missed(found, "planted week", "IoU", "centroid")


def test_border__is_reported_once(found: Evaluation) -> None:
    assert not missed(found, "border")


def test_chronic__recall_precision_and_false_weeks(found: Evaluation) -> None:
    assert not missed(found, "chronic")


def test_coordinates__errors_of_their_precision_do_not_change_the_verdict(found: Evaluation) -> None:
    assert not missed(found, "verdicts")
