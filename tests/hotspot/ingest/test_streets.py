"""Streets come in from any file with lines, cut to the municipality; what is none is refused by row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, Polygon

from hotspot.errors import HotspotError, InvalidFile
from hotspot.ingest.streets import MARGIN_M, StreetsReading, importance, read_streets
from hotspot.model import Municipality

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

TESTDAM = Municipality("GM1", "Testdam")
X_M, Y_M = 176_000.0, 317_000.0
BOUNDS_M = X_M, Y_M, X_M + 2000.0, Y_M + 1000.0
STREET = LineString([(X_M + 100, Y_M + 100), (X_M + 400, Y_M + 500)])
"""500 m long."""


def write(
    path: Path, shapes: Sequence[BaseGeometry | None], *, srid: int | None = 28992, **columns: list[object]
) -> Path:
    gpd.GeoDataFrame(columns, geometry=shapes, crs=srid).to_file(path)
    return path


def read(path: Path, **how: Any) -> StreetsReading:  # noqa: ANN401 - columns and layer
    return read_streets(path, municipality=TESTDAM, bounds_m=BOUNDS_M, **how)


@pytest.mark.parametrize("name", ["streets.gpkg", "streets.geojson", "streets.shp"])
@pytest.mark.parametrize("srid", [28992, 4326, 25831])
def test_read_streets__says_the_same_of_each_kind_of_file_and_system(
    tmp_path: Path, name: str, srid: int
) -> None:
    moved = gpd.GeoSeries([STREET], crs=28992).to_crs(srid).to_list()
    path = write(tmp_path / name, moved, srid=srid, NAAM=["Brusselsestraat"], highway=["primary_link"])
    (row,) = read(path).rows
    assert row.shape is not None
    assert isinstance(row.shape, MultiLineString)
    assert shapely.hausdorff_distance(row.shape, STREET) < 0.5
    assert row.areas == ("GM1",)
    assert row.properties == {
        "street_id": row.feature_id,
        "name": "Brusselsestraat",
        "street_class": "primary_link",
        "importance": 1,
        "length_m": pytest.approx(500.0, abs=0.3),
    }


def test_read_streets__needs_neither_names_nor_classes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [STREET, MultiLineString([STREET.parallel_offset(50).coords])])
    rows = read(path).rows
    assert [(row.properties["name"], row.properties["importance"]) for row in rows] == [(None, 2)] * 2


def test_read_streets__takes_the_columns_that_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [STREET], name=["no"], label=["Markt"], kind=[7])
    (row,) = read(path, name_column="LABEL", class_column="kind").rows
    assert (row.properties["name"], row.properties["street_class"]) == ("Markt", "7")
    with pytest.raises(InvalidFile, match=r"a\.gpkg: column 'nothing' is required, got the columns name"):
        read(path, class_column="nothing")


def test_read_streets__names_a_street_by_what_it_says(tmp_path: Path) -> None:
    shapes = [STREET, STREET, STREET, STREET.parallel_offset(9)]
    reading = read(write(tmp_path / "a.gpkg", shapes, name=["a", "a", "b", "a"]))
    assert (len(reading.rows), reading.repeated) == (3, 1)
    again = read(write(tmp_path / "b.gpkg", shapes[::-1], name=["a", "b", "a", "a"]))
    assert {row.feature_id for row in again.rows} == {row.feature_id for row in reading.rows}


def test_read_streets__cuts_them_to_the_municipality_and_its_surroundings(tmp_path: Path) -> None:
    across = LineString([(X_M - 9000, Y_M + 500), (X_M + 9000, Y_M + 500)])
    away = LineString([(X_M + 9000, Y_M), (X_M + 9100, Y_M)])
    corner = LineString([(X_M - 1500, Y_M - 900), (X_M - 900, Y_M - 1500)])
    reading = read(write(tmp_path / "a.gpkg", [away, across, corner, STREET]))
    west, south, east, north = shapely.total_bounds([row.shape for row in reading.rows])
    assert reading.outside == 2
    assert (west, east) == (X_M - MARGIN_M, X_M + 2000.0 + MARGIN_M)
    assert south >= Y_M - MARGIN_M
    assert north <= Y_M + 1000.0 + MARGIN_M


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([STREET, Point(X_M, Y_M)], r"row 2: a line is required, got a Point$"),
        ([None, STREET, None], r"row 1: a line is required, got no shape; 1 more rows are no lines either"),
        ([STREET, Polygon(STREET.buffer(5))], r"row 2: a line is required, got a Polygon"),
        ([STREET, LineString()], r"row 2: a line is required, got no shape"),
        ([LineString([(0, 0), (9, 9)])], r"lines in or around Testdam are required, all 1 lie elsewhere"),
    ],
)
def test_read_streets__refuses_what_is_no_street_by_its_row(
    tmp_path: Path, shapes: list[BaseGeometry | None], message: str
) -> None:
    with pytest.raises(InvalidFile, match=message) as refusal:
        read(write(tmp_path / "a.gpkg", shapes))
    assert str(refusal.value).startswith("a.gpkg")


def test_read_streets__needs_a_coordinate_reference_system(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", [STREET])
    path.with_suffix(".prj").unlink(missing_ok=True)
    with pytest.raises(InvalidFile, match=r"a\.shp: a coordinate reference system is required, got none"):
        read(path)


def test_read_streets__needs_a_file_with_shapes(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="a street file is required, there is none"):
        read(tmp_path / "nothing.gpkg")
    table = tmp_path / "table.csv"
    table.write_text("name,length\na,1\n")
    with pytest.raises(InvalidFile, match="lines are required, got a table without shapes"):
        read(table)
    empty = tmp_path / "empty.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InvalidFile, match="lines are required"):
        read(empty)


def test_read_streets__asks_which_of_several_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for layer in ("old", "new"):
        gpd.GeoDataFrame({"name": [layer]}, geometry=[STREET], crs=28992).to_file(path, layer=layer)
    with pytest.raises(InvalidFile, match="name the layer with the streets, one of: old, new"):
        read(path)
    with pytest.raises(InvalidFile, match="layer 'other' is required, got old, new"):
        read(path, layer="other")
    assert read(path, layer="new").rows[0].properties["name"] == "new"


@given(
    st.recursive(
        st.none() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(["LineString", "MultiLineString", "Line", "Point"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_read_streets__reads_or_refuses_whatever_a_file_holds(
    tmp_path: Path, coordinates: object, kind: str
) -> None:
    path = tmp_path / "any.geojson"
    geometry = {"type": kind, "coordinates": coordinates}
    path.write_text(
        json.dumps({"type": "Feature", "properties": {"name": coordinates}, "geometry": geometry})
    )
    try:
        read(path)
    except HotspotError as error:
        assert "any.geojson" in str(error)


def test_importance__follows_the_class() -> None:
    said = ["motorway", "PRIMARY_link", "tertiary", "residential", "steps", "R", "G", None]
    assert [importance(one) for one in said] == [1, 1, 2, 3, 3, 1, 3, 2]
