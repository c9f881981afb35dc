"""Programs that others wrote read the service over a real socket; its journal says what they asked for."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import geopandas
import pyogrio
import pytest
from owslib.ogcapi.features import Features
from shapely.geometry import shape

from tests.api.crowd import write_crowd
from tests.api.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEST_HALF = (5.68, 50.84, 5.696, 50.87)
"""A box in degrees that cuts through the crowd."""


class Running(NamedTuple):
    """A service, and where it notes its requests."""

    base: str
    journal: Path

    def asked(self) -> list[str]:
        """Addresses that were asked for so far."""
        return [
            line.split('"')[1].split(" ")[1]
            for line in self.journal.read_text().splitlines()
            if '"GET ' in line
        ]

    def items(self, **params: object) -> dict[str, Any]:  # Any: GeoJSON.
        """One page of hotspots, asked for plainly."""
        query = "&".join(f"{name}={value}" for name, value in params.items())
        with urllib.request.urlopen(f"{self.base}/collections/hotspots/items?{query}") as answer:  # noqa: S310
            read: dict[str, Any] = json.load(answer)  # Any: GeoJSON.
        return read


@pytest.fixture(scope="module")
def running(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service over the crowd; in its own process, since GDAL does not let go of ours while it asks."""
    folder = tmp_path_factory.mktemp("clients")
    path = folder / "crowd.db"
    path.write_bytes(sqlite_template.read_bytes())
    write_crowd(f"sqlite:///{path}")
    with served(f"sqlite:///{path}", log=folder / "journal") as base:
        yield Running(base, folder / "journal")


def tool(name: str) -> str:
    """A program that CI has to have."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs {name} (Debian's gdal-bin)")
        pytest.skip(f"{name} (Debian's gdal-bin) is not installed")
    return found


def test_geopandas__reads_items_with_types_and_crs(running: Running) -> None:
    read = geopandas.read_file(f"{running.base}/collections/hotspots/items?week=2010-W30&limit=1000")
    assert len(read) == 42
    assert read.crs.equals("OGC:CRS84") or read.crs.to_epsg() == 4326
    assert str(read["pile_up"].dtype) == "bool"
    assert read.geometry.dropna().is_valid.all()


@pytest.mark.parametrize("end", ["", "/"])
def test_gdal__opens_the_service_as_ogc_api_features(running: Running, end: str) -> None:
    source = f"OAPIF:{running.base}{end}"
    layers = {name for name, _ in pyogrio.list_layers(source)}
    assert layers == {
        "neighbourhoods", "districts", "hotspots", "hotspots-latest", "rankings", "incidents", "cells",
        "streets",
    }  # fmt: skip
    assert len(geopandas.read_file(source, layer="neighbourhoods")) == 4


def test_gdal__follows_the_pages(running: Running) -> None:
    everything = pyogrio.read_dataframe(f"OAPIF:{running.base}", layer="hotspots", PAGE_SIZE=25)
    assert len(everything) == running.items(limit=1)["numberMatched"] == 126
    assert not everything["id"].duplicated().any()


def test_gdal__lets_the_service_choose_by_box(running: Running) -> None:
    west, south, east, north = WEST_HALF
    truth = running.items(limit=1, bbox=f"{west},{south},{east},{north}")["numberMatched"]
    before = len(running.asked())
    # The layer's own system would be the plane; a box in degrees has to be asked for in degrees.
    some = pyogrio.read_dataframe(f"OAPIF:{running.base}", layer="hotspots", bbox=WEST_HALF, CRS="OGC:CRS84")
    boxes = [one for one in running.asked()[before:] if "bbox=" in one]
    assert boxes
    located = some[some.geometry.notna()]
    assert 0 < len(located) < 126
    assert truth - 6 <= len(some) <= truth


def test_gdal__lets_the_service_choose_by_attributes(running: Running) -> None:
    before = len(running.asked())
    some = pyogrio.read_dataframe(
        f"OAPIF:{running.base}", layer="hotspots", where="theme = 'theft' AND rank <= 9"
    )
    asked = [parse_qs(urlsplit(one).query) for one in running.asked()[before:] if "/hotspots/items" in one]
    pushed = [one for one in asked if "theme" in one or "theme" in one.get("filter", [""])[0]]
    assert pushed, asked
    assert set(some["theme"]) == {"theft"}
    assert some["rank"].max() <= 9
    assert len(some) == 9


def test_gdal__reads_the_national_plane(running: Running) -> None:
    rd = pyogrio.read_dataframe(f"OAPIF:{running.base}", layer="cells", CRS="EPSG:28992")
    assert rd.crs.to_epsg() == 28992
    west, south, _, _ = rd.total_bounds
    assert (round(west, 3), round(south, 3)) == (176_000.0, 318_000.0)
    assert any("crs=" in one and "28992" in one for one in running.asked())


def test_owslib__reads_what_a_script_reads(running: Running) -> None:
    features = Features(running.base)
    assert features.links
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in features.conformance()["conformsTo"]
    )
    assert "hotspots" in features.feature_collections()
    assert features.collection("hotspots")["id"] == "hotspots"
    assert "theme" in features.collection_queryables("hotspots")["properties"]
    assert features.api()["openapi"].startswith("3.0")
    page = features.collection_items(
        "hotspots", bbox=list(WEST_HALF), datetime_="2010-07-28T12:00:00Z", limit=5
    )
    assert len(page["features"]) == 5
    assert page["numberMatched"] < 126
    chosen = features.collection_items("hotspots", filter="theme = 'theft'", limit=100)
    assert {one["properties"]["theme"] for one in chosen["features"]} == {"theft"}
    name = chosen["features"][0]["id"]
    assert features.collection_item("hotspots", name)["id"] == name


def test_ogr2ogr_of_debian__copies_a_collection(running: Running, tmp_path: Path) -> None:
    target = tmp_path / "hotspots.gpkg"
    command = [
        tool("ogr2ogr"),
        "-f",
        "GPKG",
        str(target),
        f"OAPIF:{running.base}",
        "hotspots",
        "-oo",
        "PAGE_SIZE=50",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    copied = pyogrio.read_dataframe(target)
    assert len(copied) == 126


def test_ogrinfo_of_debian__reads_a_tile(running: Running, tmp_path: Path) -> None:
    name = next(one for one in running.items(limit=100)["features"] if one["geometry"])
    lon, lat = shape(name["geometry"]).representative_point().coords[0]
    side = 2**14
    column = int((lon + 180) / 360 * side)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    # Row before column, as the standard has it and most map libraries have not.
    address = f"{running.base}/collections/hotspots/tiles/WebMercatorQuad/14/{row}/{column}"
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own address
        (tmp_path / "tile.mvt").write_bytes(answer.read())
    command = [tool("ogrinfo"), "-al", "-so", str(tmp_path / "tile.mvt")]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert "Layer name: hotspots" in told
    assert "Feature Count:" in told


def test_curl_and_excel__get_a_table(running: Running) -> None:
    with urllib.request.urlopen(f"{running.base}/collections/rankings/items?f=csv&week=2010-W30") as answer:  # noqa: S310
        text = answer.read().decode("utf-8-sig")
    lines = text.splitlines()
    assert "rank" in lines[0].split(",")
    assert len(lines) > 40
