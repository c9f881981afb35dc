"""What areas had of a theme in a week, once written, stays as it was written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotspot.store import area_figures, publications
from hotspot.store.area_figures import Figures
from tests import factories

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Row:
    theme: str
    area: str
    observed: int
    expected: float = 1.23456789
    ratio: float = 2.0
    ratio_lower: float = 0.5
    ratio_upper: float = math.inf


def test_figures__are_those_of_the_theme_in_the_newest_edition(connection: Connection) -> None:
    first = publications.write_publication(connection, factories.publication([]), published_at=factories.NOW)
    area_figures.write(connection, first, [Row("theft", "BU01", 3), Row("drugs", "BU01", 9)])
    again = [factories.feature()]
    second = publications.write_publication(
        connection, factories.publication(again), published_at=factories.NOW
    )
    assert area_figures.figures(connection, first.week, "theft") == {}
    area_figures.write(connection, second, [Row("theft", "BU01", 4), Row("theft", "BU02", 0)])
    told = area_figures.figures(connection, first.week, "theft")
    # What is no number is not told, and the rest with as many digits as in the list.
    assert told == {
        "BU01": Figures(4, 1.2346, 2.0, 0.5, None),
        "BU02": Figures(0, 1.2346, 2.0, 0.5, None),
    }
    assert area_figures.figures(connection, first.week, "theft", edition=1)["BU01"].observed == 3
    assert area_figures.figures(connection, first.week.plus(1), "theft") == {}


def test_figures__that_are_written_stay(connection: Connection) -> None:
    edition = publications.write_publication(
        connection, factories.publication([]), published_at=factories.NOW
    )
    area_figures.write(connection, edition, [])
    area_figures.write(connection, edition, [Row("theft", "BU01", 3)])
    area_figures.write(connection, edition, [Row("theft", "BU01", 7), Row("theft", "BU02", 7)])
    found = area_figures.figures(connection, edition.week, "theft")
    assert {code: one.observed for code, one in found.items()} == {"BU01": 3}
