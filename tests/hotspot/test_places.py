"""Claims about place files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hotspot.errors import HotspotError, InvalidFile, NotFound
from hotspot.places import read_place, shipped_places

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[municipality]
code = "X"
name = "Example"
srid = 28992
time_zone = "Europe/Amsterdam"

[incidents]
files = "*.csv"
mapping = "dutch_generic"

[detection]
week = "2026-W10"
weeks = 2
"""


@pytest.mark.parametrize("name", shipped_places())
def test_read_place__reads_each_that_ships(name: str) -> None:
    place = read_place(name)
    assert place.name == name
    assert place.weeks >= 1


def test_read_place__takes_a_file_without_boundaries(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    place = read_place(str(file))
    assert place.name == "mine"
    assert place.boundaries is None
    assert str(place.week) == "2026-W10"


def test_read_place__names_what_ships_when_it_finds_nothing() -> None:
    with pytest.raises(NotFound, match="st_louis_2010"):
        read_place("atlantis")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[detection]", "[detektion]"), r"unknown table \[detektion\]; table \[detection\] is missing"),
        (('code = "X"\n', ""), "municipality.code is missing"),
        (("srid = 28992", 'srid = "28992"'), "municipality.srid must be int, got '28992'"),
        (("weeks = 2", "weeks = true"), "detection.weeks must be int, got True"),
        (("weeks = 2", "weeks = 2\nyears = 1"), "unknown key detection.years"),
        (("[municipality]", "[municipality"), "is no TOML"),
        (("[detection]", "[detection]\n[other]"), "unknown table"),
        (("2026-W10", "2026-10"), "a week looks like"),
    ],
)
def test_read_place__says_what_is_wrong(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(HotspotError, match=complaint):
        read_place(str(file))


def test_read_place__names_every_mistake_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text("municipality = {code = 1}\nboundaries = 3\n", encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        read_place(str(file))
    for part in (
        "municipality.code must be str",
        "municipality.name is missing",
        "boundaries",
        "[detection]",
    ):
        assert part in str(caught.value)
