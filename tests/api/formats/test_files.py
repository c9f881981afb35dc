"""A file holds the whole selection, and what reads such files elsewhere reads ours."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio
import pytest
import shapely

from hotspot.catalogue import Reference

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

ITEMS = "/v1/collections/hotspots/items"
NAMES = ["b1", "d1", "d2", "e1"]


def rows(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_table__holds_every_feature_with_its_shape(client: TestClient) -> None:
    told = rows(client, f"{ITEMS}?f=csv")
    features = client.get(ITEMS, params={"limit": 50}).json()["features"]
    assert [row["feature_id"] for row in told] == [feature["id"] for feature in features]
    for row, feature in zip(told, features, strict=True):
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shapely.equals_exact(shapely.from_wkt(row["wkt"]), shape, 1e-9)
        assert float(row["centre_lon_deg"]) == pytest.approx(shape.centroid.x, abs=1e-7)
        assert row["pile_up"] == "false"
        assert row["rank"] == str(feature["properties"]["rank"])


def test_table__follows_the_axis_order_of_its_system(client: TestClient) -> None:
    turned = rows(client, f"{ITEMS}?f=csv&crs=[EPSG:4258]&properties=rank,geometry")[0]
    assert list(turned) == ["feature_id", "rank", "centre_lat_deg", "centre_lon_deg", "wkt"]
    assert turned["wkt"].startswith("POLYGON ((50.8")
    in_plane = rows(client, f"{ITEMS}?f=csv&crs=[EPSG:28992]&properties=rank,geometry")[0]
    assert float(in_plane["centre_x_m"]) == pytest.approx(176_500, abs=500)


def test_file__is_cut_where_a_limit_says_so(client: TestClient) -> None:
    whole = [row["feature_id"] for row in rows(client, f"{ITEMS}?f=csv")]
    assert [row["feature_id"] for row in rows(client, f"{ITEMS}?f=csv&limit=2")] == whole[:2]
    assert [row["feature_id"] for row in rows(client, f"{ITEMS}?f=csv&limit=2&offset=1")] == whole[1:3]
    assert len(client.get(f"{ITEMS}?f=geojson&limit=3&offset=2").json()["features"]) == 2
    assert len(rows(client, f"{ITEMS}?f=csv&theme=burglary")) == 1


def test_geojson__is_the_same_as_file_as_sequence_and_as_pages(client: TestClient) -> None:
    features = client.get(ITEMS, params={"limit": 50}).json()["features"]
    answer = client.get(ITEMS, params={"f": "geojson"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="hotspots.geojson"'
    assert answer.json()["features"] == features
    lines = client.get(ITEMS, params={"f": "geojsonseq"}).text.split("\x1e")
    assert lines[0] == ""
    assert [json.loads(line) for line in lines[1:]] == features
    some = client.get(ITEMS, params={"f": "geojson", "properties": "rank"}).json()["features"]
    assert [feature["properties"] for feature in some] == [
        {"rank": feature["properties"]["rank"]} for feature in features
    ]


@pytest.mark.parametrize("crs", list(Reference))
def test_geopackage__is_read_by_gdal(client: TestClient, tmp_path: Path, crs: Reference) -> None:
    answer = client.get(ITEMS, params={"f": "gpkg", "crs": crs})
    assert answer.headers["Content-Type"] == "application/geopackage+sqlite3"
    assert client.get(ITEMS, params={"f": "gpkg", "crs": crs}).content == answer.content
    path = tmp_path / "hotspots.gpkg"
    path.write_bytes(answer.content)
    info = pyogrio.read_info(path)
    expected = "4326" if crs is Reference.CRS84 else crs.rpartition("/")[2]
    assert (info["layer_name"], info["features"], info["crs"]) == ("hotspots", 4, f"EPSG:{expected}")
    frame = pyogrio.read_dataframe(path)
    assert sorted(frame["hotspot_id"]) == NAMES
    assert frame["rank"].dtype == "int64"
    assert frame["pile_up"].dtype == bool
    west = shapely.total_bounds(frame.geometry.to_numpy())[0]
    assert west == pytest.approx({"28992": 176050.0, "3857": 632_900}.get(expected, 5.68), rel=1e-2)


def test_flatgeobuf__is_read_by_gdal(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.fgb"
    path.write_bytes(client.get(ITEMS, params={"f": "fgb", "crs": Reference.PLANE}).content)
    frame = pyogrio.read_dataframe(path)
    assert sorted(frame["hotspot_id"]) == NAMES
    assert frame.crs.to_epsg() == 28992
    assert len(pyogrio.read_dataframe(path, bbox=(176_750, 317_700, 176_850, 317_900))) == 1


def test_files__leave_nothing_behind(client: TestClient) -> None:
    before = set(Path(tempfile.gettempdir()).glob("hotspot-*"))
    client.get(ITEMS, params={"f": "gpkg"})
    assert set(Path(tempfile.gettempdir()).glob("hotspot-*")) <= before


@pytest.mark.parametrize("form", ["csv", "geojson", "geojsonseq", "gpkg", "fgb"])
def test_file__of_nothing_is_a_file(client: TestClient, form: str) -> None:
    answer = client.get(ITEMS, params={"f": form, "theme": "nothing"})
    assert answer.status_code == 200
    assert answer.headers["ETag"]
