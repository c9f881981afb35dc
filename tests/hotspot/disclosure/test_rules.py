"""Rules of disclosure are within bounds, and squares, bands and the list of what is sensitive follow them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geodata import __file__ as geodata_file
from hotspot.catalogue import Disclosure
from hotspot.disclosure.coarsening import INCIDENT_BANDS, RISK_BANDS, squares
from hotspot.disclosure.rules import OPEN as OPEN_RULES
from hotspot.disclosure.rules import PARTNER as PARTNER_RULES
from hotspot.disclosure.rules import LevelRules, Rules, read_rules
from hotspot.errors import InvalidFile, InvalidParameter
from hotspot.ingest.mapping import read_mapping


def test_squares__are_of_one_grid_and_at_least_so_many() -> None:
    rng = np.random.default_rng(1)
    for x_m, y_m, radius_m in np.column_stack(
        [rng.uniform(0, 5000, (50, 2)), rng.uniform(46, 200, 50)]
    ).tolist():
        outline = shapely.Point(x_m, y_m).buffer(radius_m)
        found = squares(outline, side_m=250, inwards_m=44, least=2)
        assert (shapely.get_coordinates(found) % 250 == 0).all()
        assert found.area >= 2 * 250**2
        assert found.covers(outline.buffer(-44))


def test_sensitive__lists_the_themes_of_all_mappings_that_hold_something_sensitive() -> None:
    rules = read_rules()
    files = sorted((Path(geodata_file).parent / "mappings").glob("*.toml"))
    assert len(files) >= 9
    found = set()
    for file in files:
        for name in re.findall(r"^\[themes\.(\w+)\.(\w+)\]", file.read_text("utf-8"), re.MULTILINE):
            if name[1] in rules.sensitive_subthemes:
                found.add(name[0])
        read_mapping(file.stem)
    assert found == set(rules.sensitive_themes)


def test_read_rules__refuses_what_is_no_list_of_names(tmp_path: Path) -> None:
    file = tmp_path / "sensitive.toml"
    for text in (
        'themes = "theft"\nsubthemes = []',
        "subthemes = []",
        "themes = [1]\nsubthemes = []",
        "x = 1",
        "=",
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidFile):
            read_rules(file)
    with pytest.raises(InvalidFile):
        read_rules(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    "wrong",
    [{"least_incidents": 1}, {"least_places": 101}, {"grid_m": 200}, {"least_cells": 5}, {"step": 6}],
    ids=str,
)
def test_level_rules__refuse_what_is_out_of_bounds(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameter):
        replace(OPEN_RULES, **wrong)


def test_rules__refuse_periods_that_are_short_and_an_open_level_that_is_milder() -> None:
    milder = replace(PARTNER_RULES, least_places=2)
    wrong: tuple[dict[str, Any], ...] = ({"period_weeks": 12}, {"lag_weeks": 0}, {"open": milder})
    for one in wrong:
        with pytest.raises(InvalidParameter):
            Rules(**one)
    assert isinstance(Rules().of(Disclosure.PARTNER), LevelRules)


def test_bands__are_wide_and_ascend() -> None:
    assert list(INCIDENT_BANDS) == sorted(INCIDENT_BANDS)
    assert list(RISK_BANDS) == sorted(RISK_BANDS)
    assert INCIDENT_BANDS[0] == PARTNER_RULES.least_incidents
