"""Boundaries come in from three kinds of file, repaired where that is certain and refused where it is not."""

from __future__ import annotations

import csv
import dataclasses
import json
import zipfile
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from hotspot import crs, schematic
from hotspot.errors import HotspotError, InvalidBoundaries, InvalidFile
from hotspot.ingest.boundaries import BoundariesReading, read_boundaries
from hotspot.model import Level, Municipality
from hotspot.neighbourhoods import Neighbourhoods, assign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

TESTDAM = Municipality("GM1", "Testdam")
ORIGIN_M = np.array([176_000.0, 317_000.0])
"""A place in Maastricht in the Dutch plane."""

SQUARES = [box(1000 * k, 0, 1000 * (k + 1), 1000) for k in range(3)]


def table(
    shapes: Sequence[BaseGeometry | None] = SQUARES,
    columns: Mapping[str, Sequence[object]] = MappingProxyType({}),
    *,
    srid: int | None = 28992,
) -> gpd.GeoDataFrame:
    """Three squares with codes B1 to B3, side by side near Maastricht; a column may be said otherwise."""
    n = len(shapes)
    values: dict[str, Sequence[object]] = {
        "id": [f"B{k + 1}" for k in range(n)],
        "label": [f"Quarter {k + 1}" for k in range(n)],
    }
    values |= columns
    moved = [
        None if shape is None else shapely.transform(shape, lambda xy: xy + ORIGIN_M) for shape in shapes
    ]
    return gpd.GeoDataFrame(values, geometry=moved, crs=srid)


def cbs(**columns: Sequence[object]) -> gpd.GeoDataFrame:
    """The three squares as CBS would publish them, in two districts."""
    values: dict[str, Sequence[object]] = {
        "BU_CODE": ["BU1", "BU2", "BU3"],
        "BU_NAAM": ["Noord", "BelvÃ©dÃ¨re", "Zuid"],
        "WK_CODE": ["WK1", "WK1", "WK2"],
        "GM_CODE": ["GM1", "GM1", "GM1"],
        "AANT_INW": [100, 200, -99999999],
        "WATER": ["NEE", "NEE", "NEE"],
    }
    return table(columns=values | columns).drop(columns=["id", "label"])


def written(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path)
    return path


def read(path: Path, **options: str | None) -> BoundariesReading:
    named: dict[str, str | None] = {"layer": None, "code_column": "id", "name_column": "label"}
    named |= {"district_column": None} | options
    return read_boundaries(
        path,
        municipality=TESTDAM,
        vintage=2024,
        layer=named["layer"],
        code_column=named["code_column"],
        name_column=named["name_column"],
        district_column=named["district_column"],
    )


def refusal(path: Path, **options: str | None) -> str:
    with pytest.raises(InvalidBoundaries) as raised:
        read(path, **options)
    return str(raised.value)


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp", "zip"])
def test_read_boundaries__takes_each_kind_of_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"areas.{'shp' if ending == 'zip' else ending}"
    written(table(), path)
    if ending == "zip":
        path = tmp_path / "areas.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("areas.[!z]*"):
                archive.write(part, f"a folder/{part.name}")
    reading = read(path)
    found = reading.boundaries
    assert (found.vintage, found.source, found.schematic) == (2024, path.name, False)
    assert [(area.level, area.code, area.name, area.parent_code) for area in found.areas] == [
        (Level.NEIGHBOURHOOD, "B1", "Quarter 1", "GM1"),
        (Level.NEIGHBOURHOOD, "B2", "Quarter 2", "GM1"),
        (Level.NEIGHBOURHOOD, "B3", "Quarter 3", "GM1"),
        (Level.MUNICIPALITY, "GM1", "Testdam", None),
    ]
    assert [area.geometry.area for area in found.areas] == pytest.approx([1e6, 1e6, 1e6, 3e6], rel=1e-4)
    assert found.areas[0].geometry.bounds == pytest.approx((176_000, 317_000, 177_000, 318_000), abs=0.2)
    assert (reading.repairs, reading.left_out) == ((), 0)


@pytest.mark.parametrize("srid", [4326, 3857, 31370, 2263])
def test_read_boundaries__brings_any_system_into_the_plane(tmp_path: Path, srid: int) -> None:
    # Straight from the Dutch plane to a foreign one, PROJ may leave out what lies between their datums.
    reading = read(written(table().to_crs(4326).to_crs(srid), tmp_path / "areas.gpkg"))
    assert reading.boundaries.areas[0].geometry.bounds == pytest.approx(
        (176_000, 317_000, 177_000, 318_000), abs=1
    )


def test_read_boundaries__knows_the_layout_of_cbs_old_and_new(tmp_path: Path) -> None:
    old = cbs()
    new = old.rename(
        columns={
            "BU_CODE": "buurtcode",
            "BU_NAAM": "buurtnaam",
            "WK_CODE": "wijkcode",
            "GM_CODE": "gemeentecode",
            "AANT_INW": "aantal_inwoners",
            "WATER": "water",
        }
    )
    for frame, name in ((old, "old.gpkg"), (new, "new.gpkg")):
        reading = read(written(frame, tmp_path / name), code_column=None, name_column=None)
        assert [(a.code, a.name, a.parent_code, a.inhabitants) for a in reading.boundaries.areas] == [
            ("BU1", "Noord", "WK1", 100),
            ("BU2", "Belvédère", "WK1", 200),
            ("BU3", "Zuid", "WK2", None),
            ("WK1", "WK1", "GM1", 300),
            ("WK2", "WK2", "GM1", None),
            ("GM1", "Testdam", None, None),
        ]
        assert [(repair.code, repair.action) for repair in reading.repairs] == [
            ("BU2", "read as 'Belvédère'")
        ]


def test_read_boundaries__takes_the_municipality_out_of_a_national_file_without_its_water(
    tmp_path: Path,
) -> None:
    country = cbs(GM_CODE=["GM1", "GM2", "GM1"], WATER=["NEE", "NEE", "JA"])
    reading = read(written(country, tmp_path / "country.gpkg"), code_column=None, name_column=None)
    assert [area.code for area in reading.boundaries.of(Level.NEIGHBOURHOOD)] == ["BU1"]
    assert reading.left_out == 2
    elsewhere = written(cbs(GM_CODE=["GM2", "GM3", "GM2"]), tmp_path / "elsewhere.gpkg")
    assert "rows of municipality GM1 are required, got those of GM2, GM3" in refusal(
        elsewhere, code_column=None, name_column=None
    )


def test_read_boundaries__names_districts_from_the_rows_the_file_or_the_facts(tmp_path: Path) -> None:
    own = cbs(WK_NAAM=["Centre", "Centre", "South"])
    rows = read(written(own, tmp_path / "own.gpkg"), code_column=None, name_column=None)
    assert [area.name for area in rows.boundaries.of(Level.DISTRICT)] == ["Centre", "South"]

    layers = tmp_path / "layers.gpkg"
    cbs().to_file(layers, layer="buurten")
    districts = table(SQUARES[:2], {"WK_CODE": ["WK1", "WK2"], "WK_NAAM": ["HÃ¶fe", "South"]}).drop(
        columns=["id", "label"]
    )
    districts.to_file(layers, layer="wijken")
    found = read(layers, code_column=None, name_column=None)
    assert [area.name for area in found.boundaries.of(Level.DISTRICT)] == ["Höfe", "South"]

    shipped = cbs(WK_CODE=["WK093500", "WK093500", "WK093501"])
    facts = read(written(shipped, tmp_path / "shipped.gpkg"), code_column=None, name_column=None)
    assert [area.name for area in facts.boundaries.of(Level.DISTRICT)] == ["Centrum", "Buitenwijk Zuidwest"]


def test_read_boundaries__reads_the_layer_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    table().to_file(path, layer="one")
    table(SQUARES[:2]).to_file(path, layer="two")
    assert len(read(path, layer="two").boundaries.of(Level.NEIGHBOURHOOD)) == 2
    assert "name the layer with the neighbourhoods, one of: one, two" in refusal(path)
    assert "layer 'three' is required, got one, two" in refusal(path, layer="three")


def test_read_boundaries__writes_whole_numbers_without_decimals(tmp_path: Path) -> None:
    frame = table(columns={"NHD_NUM": [51.0, 7.0, 10.0], "NHD_NAME": ["A", "B", "C"]}).drop(
        columns=["id", "label"]
    )
    reading = read(written(frame, tmp_path / "st_louis.gpkg"), code_column=None, name_column=None)
    assert [area.code for area in reading.boundaries.of(Level.NEIGHBOURHOOD)] == ["10", "51", "7"]


def test_read_boundaries__repairs_a_border_that_crosses_itself(tmp_path: Path) -> None:
    bow = Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    reading = read(written(table([bow, SQUARES[1]]), tmp_path / "areas.gpkg"))
    (repair,) = reading.repairs
    assert (repair.code, repair.problem) == ("B1", "self-intersection")
    assert repair.action.endswith("50.000 ha after (+50.000 ha)")
    repaired = reading.boundaries.areas[0].geometry
    assert repaired.is_valid
    assert repaired.area == pytest.approx(500_000)


def test_read_boundaries__uses_the_code_of_a_nameless_area(tmp_path: Path) -> None:
    lost = "Belv\N{REPLACEMENT CHARACTER}dere"
    reading = read(written(table(columns={"label": ["North", None, lost]}), tmp_path / "areas.gpkg"))
    assert [area.name for area in reading.boundaries.of(Level.NEIGHBOURHOOD)] == ["North", "B2", lost]
    assert [(repair.code, repair.action) for repair in reading.repairs] == [
        ("B2", "its code is used"),
        ("B3", "left: its characters are lost"),
    ]
    unnamed = read(written(table(), tmp_path / "codes.gpkg"), name_column=None)
    assert [area.name for area in unnamed.boundaries.of(Level.NEIGHBOURHOOD)] == ["B1", "B2", "B3"]


def test_read_boundaries__leaves_a_small_overlap_and_refuses_one_above_one_per_cent(tmp_path: Path) -> None:
    small = read(written(table([box(0, 0, 1005, 1000), SQUARES[1]]), tmp_path / "small.gpkg"))
    (repair,) = small.repairs
    assert (repair.code, repair.problem) == ("B1", "overlaps B2 by 5000 m2, 0.50% of the smaller")
    large = refusal(written(table([box(0, 0, 1015, 1000), SQUARES[1]]), tmp_path / "large.gpkg"))
    assert large == (
        "large.gpkg: neighbourhoods may overlap by 1% of the smaller at most, "
        "got B1 and B2 (15000 m2, 1.50% of the smaller)"
    )


def test_read_boundaries__names_all_mistakes_at_once(tmp_path: Path) -> None:
    shapes = [*SQUARES, None, Point(0, 0), Polygon(), box(5000, 0, 6000, 1000), box(5000, 0, 6000, 1000)]
    codes = ["B1", "B1", None, "B4", "B5", "B6", "B7", "B8"]
    said = refusal(written(table(shapes, {"id": codes}), tmp_path / "areas.gpkg"))
    for mistake in (
        "each row needs a code, got none in row 3",
        "each code may occur once, got B1 (2 times)",
        "B4 has no geometry",
        "B5 must be a polygon, got a Point",
        "B6 has no geometry",
        "B7 and B8 (1000000 m2, 100.00% of the smaller)",
    ):
        assert mistake in said


def test_read_boundaries__counts_what_it_does_not_name(tmp_path: Path) -> None:
    lines = table([LineString([(0, k), (9, k)]) for k in range(25)])
    said = refusal(written(lines, tmp_path / "lines.gpkg"))
    assert "B10 must be a polygon, got a LineString; 15 more rows are unusable" in said
    nameless = refusal(
        written(table([box(k, 0, k + 1, 1) for k in range(25)], {"id": [None] * 25}), tmp_path / "n.gpkg")
    )
    assert "got none in row 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 15 more" in nameless


def test_read_boundaries__refuses_a_district_column_with_holes(tmp_path: Path) -> None:
    path = written(table(columns={"part": ["D1", None, "D2"]}), tmp_path / "areas.gpkg")
    assert "B2 has no district" in refusal(path, district_column="part")


def test_read_boundaries__lists_the_columns_there_are(tmp_path: Path) -> None:
    path = written(table(), tmp_path / "areas.gpkg")
    assert "column 'nr' is required, got the columns id, label" in refusal(path, code_column="nr")
    assert "name the column with the code, one of id, label" in refusal(
        path, code_column=None, name_column=None
    )


def test_read_boundaries__needs_a_coordinate_reference_system(tmp_path: Path) -> None:
    path = written(table(), tmp_path / "areas.shp")
    path.with_suffix(".prj").unlink()
    assert "a coordinate reference system is required, got none" in refusal(path)


def test_read_boundaries__doubts_a_system_that_does_not_fit(tmp_path: Path) -> None:
    metres = json.loads(table(srid=None).to_json())  # GeoJSON without metres' system is read as degrees.
    path = tmp_path / "metres.geojson"
    path.write_text(json.dumps(metres), "utf-8")
    assert "B1 has no area in EPSG:28992; is EPSG:4326 right for it?" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("absent.gpkg", None), ("text.geojson", b"not json"), ("empty.zip", b""), ("x.gpkg", b"PK")],
)
def test_read_boundaries__says_when_a_file_is_none(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidFile, match=name):
        read(path)


def test_read_boundaries__says_when_a_file_breaks_off(tmp_path: Path) -> None:
    path = written(table(), tmp_path / "areas.shp")
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises((InvalidFile, InvalidBoundaries), match=r"areas\.shp"):
        read(path)


def test_read_boundaries__wants_one_file_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.geojson", "{}")
        archive.writestr("two.geojson", "{}")
    with pytest.raises(
        InvalidFile, match=r"one boundary file is required in the zip file, got one\.geojson, two"
    ):
        read(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=60), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5)
    )
)
def test_read_boundaries__reads_any_text_or_raises_our_error(tmp_path: Path, content: object) -> None:
    path = tmp_path / "any.geojson"
    feature = {"type": "Feature", "properties": {"id": content}, "geometry": content}
    for text in (
        content,
        json.dumps(content),
        json.dumps({"type": "FeatureCollection", "features": [feature]}),
    ):
        path.write_text(str(text), "utf-8", errors="replace")
        with pytest.raises(HotspotError):
            read(path)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(3)))
def test_read_boundaries__does_not_care_about_the_order_of_the_rows(tmp_path: Path, order: list[int]) -> None:
    path = tmp_path / "areas.geojson"
    cbs().iloc[order].to_file(path)
    found = read(path, code_column=None, name_column=None).boundaries
    straight = tmp_path / "straight.geojson"
    cbs().to_file(straight)
    expected = read(straight, code_column=None, name_column=None).boundaries
    assert [(a.code, a.name, a.inhabitants) for a in found.areas] == [
        (a.code, a.name, a.inhabitants) for a in expected.areas
    ]
    assert all(
        one.geometry.equals(other.geometry) for one, other in zip(found.areas, expected.areas, strict=True)
    )


def test_maastricht__comes_in_whole_from_the_raw_file(shared_data: Path) -> None:
    folder = shared_data / "maastricht"
    maastricht = Municipality("GM0935", "Maastricht")
    reading = read_boundaries(
        folder / "maastricht_buurten_2017.geojson", municipality=maastricht, vintage=2017
    )
    found = reading.boundaries
    assert [len(found.of(level)) for level in Level] == [44, 7, 1]
    assert sum(area.geometry.area for area in found.of(Level.NEIGHBOURHOOD)) / 10_000 == pytest.approx(
        6012.8, abs=1
    )
    assert [repair.problem for repair in reading.repairs].count("self-intersection") == 5
    assert [repair.action for repair in reading.repairs if "name" in repair.problem] == [
        "read as 'Belvédère'"
    ]
    valid = gpd.read_file(folder / "maastricht_buurten_2017_valid_wgs84.geojson").set_index("BU_CODE")
    for area in found.of(Level.NEIGHBOURHOOD):
        # The plane as it is defined, which is decimetres from what PROJ makes of it.
        there = shapely.transform(valid.geometry[area.code], crs.Plane().to_metres)
        assert area.geometry.symmetric_difference(there).area < 10
    with (folder / "maastricht_postal_codes.csv").open(encoding="utf-8") as file:
        degrees = [(float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(file)]
    codes = assign(Neighbourhoods.of(found), crs.Plane().to_metres(degrees), gap_m=0)
    assert len(codes) == 3043
    assert all(code is not None for code in codes)


def test_st_louis__agrees_with_the_rows_own_neighbourhood(shared_data: Path) -> None:
    folder = shared_data / "st_louis_2010"
    city = Municipality("STL", "St. Louis", 26915, "America/Chicago")
    found = read_boundaries(folder / "neighborhoods.geojson", municipality=city, vintage=2010).boundaries
    assert len(found.of(Level.NEIGHBOURHOOD)) == 88
    rows = pd.concat(pd.read_csv(path, encoding="latin-1") for path in sorted(folder.glob("*2010.csv")))
    located = rows[(rows.XCoord > 0) & (rows.YCoord > 0)]
    feet = located[["XCoord", "YCoord"]].to_numpy(np.float64)
    xy_m = crs.transform(feet, source="ESRI:102696", target="EPSG:26915")
    codes = assign(Neighbourhoods.of(found), xy_m, gap_m=25)
    assert len(located) == 54_882
    assert (codes == located.Neighborhood.astype(str).to_numpy()).mean() >= 0.96


def test_chicago__agrees_with_the_rows_own_community_area(shared_data: Path) -> None:
    folder = shared_data / "chicago"
    city = Municipality("CHI", "Chicago", 26916, "America/Chicago")
    found = read_boundaries(folder / "community_areas.geojson", municipality=city, vintage=2017).boundaries
    assert len(found.of(Level.NEIGHBOURHOOD)) == 77
    rows = pd.read_csv(folder / "crimes_2017_2019.csv.gz").dropna(subset=["community_area", "longitude"])
    xy_m = crs.Plane(26916).to_metres(rows[["longitude", "latitude"]].to_numpy(np.float64))
    codes = assign(Neighbourhoods.of(found), xy_m, gap_m=25)
    assert (codes == rows.community_area.astype(int).astype(str).to_numpy()).mean() >= 0.97


def test_sheffield__has_147_neighbourhoods_with_small_overlaps(shared_data: Path) -> None:
    city = Municipality("E08000019", "Sheffield", 27700, "Europe/London")
    reading = read_boundaries(
        shared_data / "sheffield" / "neighbourhoods.geojson", municipality=city, vintage=2018
    )
    areas = reading.boundaries.of(Level.NEIGHBOURHOOD)
    assert len(areas) == 147
    assert "Batemoor" in {area.name for area in areas}
    assert len(reading.repairs) == 4
    assert all(isinstance(area.geometry, MultiPolygon) and area.geometry.is_valid for area in areas)


def test_read_boundaries__knows_our_own_drawing_for_what_it_is() -> None:
    path = Path(schematic.__file__).parents[1] / "geodata/maastricht_schematic.geojson"
    reading = read_boundaries(path, municipality=schematic.MAASTRICHT, vintage=2017, source=schematic.SOURCE)
    drawn = schematic.read()
    assert reading.boundaries.schematic
    assert not reading.repairs
    shapeless = [dataclasses.replace(area, geometry=MultiPolygon()) for area in reading.boundaries.areas]
    assert shapeless == [dataclasses.replace(area, geometry=MultiPolygon()) for area in drawn.areas]
