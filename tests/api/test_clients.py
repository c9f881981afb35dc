"""Programs that others wrote read the service over a real socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING
from urllib.error import URLError

import geopandas
import pyogrio
import pytest

from tests.api.published import write_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 60.0
"""How long a service may take to start on a machine with other work."""


@pytest.fixture(scope="module")
def base(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running service; in its own process, since GDAL does not let go of ours while it asks."""
    path = tmp_path_factory.mktemp("clients") / "town.db"
    path.write_bytes(sqlite_template.read_bytes())
    write_town(f"sqlite:///{path}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.app:from_environment", "--port", str(port)]
    environment = {**os.environ, "HOTSPOT_STORE_URL": f"sqlite:///{path}"}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own address
                assert answer.status == 200
                return
        except URLError:
            assert time.monotonic() < end_s, "the service did not start"
            time.sleep(0.1)


def test_geopandas__reads_items_with_types_and_crs(base: str) -> None:
    read = geopandas.read_file(f"{base}/collections/hotspots/items?week=2010-W30")
    assert list(read["id"]) == ["b1", "d1", "d2"]
    assert read.crs.equals("OGC:CRS84") or read.crs.to_epsg() == 4326
    assert list(read["observed"]) == [12, 12, 12]
    assert str(read["pile_up"].dtype) == "bool"
    assert read.geometry.is_valid.all()


@pytest.mark.parametrize("end", ["", "/"])
def test_gdal__opens_the_service_as_ogc_api_features(base: str, end: str) -> None:
    source = f"OAPIF:{base}{end}"
    assert sorted(name for name, _ in pyogrio.list_layers(source)) == [
        "districts",
        "hotspots",
        "neighbourhoods",
    ]
    assert sorted(geopandas.read_file(source, layer="neighbourhoods")["code"]) == ["BU01", "BU02"]


def test_gdal__follows_the_pages_and_asks_by_box(base: str) -> None:
    source = f"OAPIF:{base}"
    everything = pyogrio.read_dataframe(source, layer="hotspots", PAGE_SIZE=1)
    assert sorted(everything["id"]) == ["b1", "d1", "d2", "e1"]
    some = pyogrio.read_dataframe(source, layer="hotspots", bbox=(5.694, 50.84, 5.71, 50.86))
    assert list(some["id"]) == ["b1"]
