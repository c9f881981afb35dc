"""The drawing of Maastricht: the facts' areas, no gaps, no overlaps, and the same file each time."""

from __future__ import annotations

import csv
import json
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from shapely import Point, box

from hotspot import schematic
from hotspot.crs import Plane
from hotspot.model import Level
from hotspot.neighbourhoods import Neighbourhoods, assign
from hotspot.schematic import Facts, draw, facts

if TYPE_CHECKING:
    from pathlib import Path

CITY_HA = 6012.8
"""Area of the municipality as the issue names it."""


def fact(code: str, xy_m: tuple[float, float], area_ha: float) -> Facts:
    return Facts(code, code, "D", "District", xy_m, area_ha, 100, 1000, (1, 2, 3))


def test_facts__are_those_of_all_neighbourhoods() -> None:
    assert len(facts()) == 44
    assert [sum(one.crimes[year] for one in facts()) for year in range(3)] == [6292, 7929, 7798]
    assert sum(one.area_ha for one in facts()) == pytest.approx(CITY_HA, abs=0.1)
    assert [one.code for one in facts()] == sorted(one.code for one in facts())
    assert facts()[0].crimes_per_year == pytest.approx(980)
    assert facts()[0].name == "Binnenstad"


def test_district_names__has_seven() -> None:
    assert len(schematic.district_names()) == 7
    assert schematic.district_names()["WK093500"] == "Centrum"


def test_facts__agree_with_the_published_list(shared_data: Path) -> None:
    with (shared_data / "maastricht" / "maastricht_buurten_list.csv").open(encoding="utf-8") as file:
        published = {row["buurtcode"]: row for row in csv.DictReader(file)}
    assert {one.code for one in facts()} == set(published)
    for one in facts():
        row = published[one.code]
        assert one.name == row["buurtnaam"]
        assert one.district_code == row["wijkcode"]
        assert row["wijknaam"].endswith(one.district_name)
        assert one.centroid_xy_m == (float(row["centroid_rd_x"]), float(row["centroid_rd_y"]))
        assert one.area_ha == float(row["area_ha_from_geometry"])
        assert one.inhabitants == int(row["inwoners_2024"])
        assert one.crimes == tuple(int(row[f"misdrijven_{year}"]) for year in (2021, 2022, 2023))


def test_draw__halves_the_ground_between_equals() -> None:
    west, east = draw((fact("W", (1000.0, 500.0), 50.0), fact("E", (2000.0, 500.0), 50.0)))
    assert west.area == pytest.approx(east.area, rel=0.01)
    assert west.bounds[2] == east.bounds[0] == 1500


def test_draw__gives_each_cell_its_share_whatever_the_distances() -> None:
    wanted = (fact("A", (0.0, 0.0), 400.0), fact("B", (900.0, 0.0), 40.0), fact("C", (600.0, 900.0), 120.0))
    cells = draw(wanted)
    assert [cell.area / 10_000 for cell in cells] == pytest.approx([one.area_ha for one in wanted], rel=0.02)


def test_draw__keeps_small_cells_beside_large_ones() -> None:
    wanted = (
        fact("A", (0.0, 0.0), 900.0),
        fact("B", (300.0, 0.0), 20.0),
        fact("C", (300.0, 300.0), 20.0),
        fact("D", (0.0, 300.0), 20.0),
    )
    cells = draw(wanted)
    assert [cell.area / 10_000 for cell in cells] == pytest.approx([one.area_ha for one in wanted], rel=0.05)


def test_read__nests_three_levels_and_says_that_it_is_a_drawing() -> None:
    boundaries = schematic.read()
    assert boundaries.schematic
    assert "not the real borders" in boundaries.source
    assert [len(boundaries.of(level)) for level in Level] == [44, 7, 1]
    assert sum(area.inhabitants or 0 for area in boundaries.of(Level.MUNICIPALITY)) == 125_305
    assert {area.parent_code for area in boundaries.of(Level.NEIGHBOURHOOD)} == {
        area.code for area in boundaries.of(Level.DISTRICT)
    }


def test_read__gives_cells_with_the_facts_areas_and_centres() -> None:
    for area, one in zip(schematic.read().of(Level.NEIGHBOURHOOD), facts(), strict=True):
        assert area.code == one.code
        assert area.geometry.area / 10_000 == pytest.approx(one.area_ha, rel=0.005)
        assert area.geometry.contains(Point(one.centroid_xy_m))
        assert len(area.geometry.geoms) == 1


def test_read__leaves_no_gap_and_no_overlap() -> None:
    boundaries = schematic.read()
    cells = np.array([area.geometry.geoms[0] for area in boundaries.of(Level.NEIGHBOURHOOD)])
    assert shapely.coverage_is_valid(cells)
    for area in (*boundaries.of(Level.DISTRICT), *boundaries.of(Level.MUNICIPALITY)):
        assert len(area.geometry.geoms) == 1
        assert not area.geometry.geoms[0].interiors
    assert boundaries.of(Level.MUNICIPALITY)[0].geometry.area / 10_000 == pytest.approx(CITY_HA, abs=2)


def test_read__assigns_every_place_of_the_drawing() -> None:
    boundaries = schematic.read()
    city = boundaries.of(Level.MUNICIPALITY)[0].geometry
    places = Neighbourhoods.of(boundaries)
    points = np.random.default_rng(0).uniform(city.bounds[:2], city.bounds[2:], (5_000, 2))
    inside = shapely.contains_xy(city, points[:, 0], points[:, 1])
    assert inside.sum() > 2_000
    assert all(code is not None for code in assign(places, points[inside], gap_m=0))


def test_geojson__draws_the_file_that_ships() -> None:
    shipped = json.loads(
        resources.files("geodata").joinpath("maastricht_schematic.geojson").read_text("utf-8")
    )
    drawn = json.loads(schematic.geojson())
    assert shipped["schematic"] is drawn["schematic"] is True
    for one, other in zip(shipped["features"], drawn["features"], strict=True):
        assert one["properties"] == other["properties"]
        assert one["properties"]["schematic"] is True
        # Another processor may round a corner to the next metre.
        corners = [Plane().to_metres(feature["geometry"]["coordinates"][0]) for feature in (one, other)]
        np.testing.assert_allclose(corners[0], corners[1], atol=1.5)


def test_geojson__is_longitude_and_latitude_with_right_handed_rings() -> None:
    maastricht = box(5.6, 50.7, 5.8, 51.0)
    for feature in json.loads(schematic.geojson())["features"]:
        ring = shapely.Polygon(feature["geometry"]["coordinates"][0])
        assert ring.exterior.is_ccw
        assert maastricht.contains(ring)


def test_draw__is_not_derived_from_real_borders(shared_data: Path) -> None:
    text = (shared_data / "maastricht" / "maastricht_buurten_2017_valid_wgs84.geojson").read_text("utf-8")
    real = {
        tuple(np.round(corner, 4))
        for feature in json.loads(text)["features"]
        for corner in shapely.get_coordinates(shapely.from_geojson(json.dumps(feature["geometry"])))
    }
    drawn = np.vstack(
        [feature["geometry"]["coordinates"][0] for feature in json.loads(schematic.geojson())["features"]]
    )
    shared = sum(tuple(np.round(corner, 4)) in real for corner in drawn)
    assert shared < 0.02 * len(drawn)
