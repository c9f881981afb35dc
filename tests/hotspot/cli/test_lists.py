"""The list says of each hotspot what it is and how sure, and how often each grade errs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.api.published import write_town

if TYPE_CHECKING:
    from tests.hotspot.cli.conftest import Run


@pytest.fixture
def town(sqlite_url: str) -> str:
    """Address of a store with a confirmed, a likely and a chronic hotspot in its newest week."""
    write_town(sqlite_url)
    return sqlite_url


def test_list__says_kind_grade_and_form_and_the_error_rate_of_each_grade(town: str, run: Run) -> None:
    english = run("list", "--store", town).out
    for said in ("chronic", "acute", "confirmed", "likely", "hot line", "hot area"):
        assert said in english
    assert "Confirmed: of the weeks without hotspots, at most 5% show any, per theme and kind." in english
    assert "at most 1 in 10 is expected to be false" in english
    dutch = run("list", "--store", town, "--language", "nl").out
    for said in ("chronisch", "acuut", "bevestigd", "waarschijnlijk", "hot lijn", "hot gebied"):
        assert said in dutch
    assert "hooguit 1 op de 10 vals" in dutch


def test_list__states_no_rate_of_a_grade_that_it_does_not_show(town: str, run: Run) -> None:
    assert "Likely:" not in run("list", "--store", town, "--kind", "chronic").out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--kind", "chronic"], ["b1"]),
        (["--grade", "likely"], ["d2"]),
        (["--kind", "acute", "--grade", "confirmed"], ["d1"]),
        (["--kind", "chronic", "--grade", "likely"], []),
    ],
)
def test_list__filters_by_kind_and_grade(
    town: str, run: Run, options: list[str], expected: list[str]
) -> None:
    listed = run("list", "--store", town, *options, "--json").json["hotspots"]
    assert [row["id"] for row in listed] == expected
    table = list(csv.DictReader(io.StringIO(run("list", "--store", town, *options, "--format", "csv").out)))
    assert [(row["kind"], row["grade"], row["form"], row["q_value"]) for row in table] == [
        (row["kind"], row["grade"], row["form"], str(row["q_value"])) for row in listed
    ]


def test_list__refuses_a_grade_that_nobody_is_shown(town: str, run: Run) -> None:
    outcome = run("list", "--store", town, "--grade", "none")
    assert outcome.code == 2
    assert "confirmed" in outcome.err
