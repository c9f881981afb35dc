"""The page shows real cities as they are loaded: St. Louis in 2010 and Chicago."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import LAND, camera_of, layers, map_picture, share_of
from tests.api.map.services import Service, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MIDDLES = {"st_louis_2010": (-90.24, 38.64), "chicago": (-87.7, 41.85)}
"""Where each city is: longitude and latitude."""


@pytest.fixture(scope="module", params=MIDDLES)
def city(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Service]]:
    """A city, loaded and published as the demonstration does it; two weeks of it."""
    name: str = request.param
    if not (shared_data / name).is_dir():
        pytest.skip(f"the data of {name} are not here")
    folder = tmp_path_factory.mktemp(name)
    place = (resources.files("geodata") / "places" / f"{name}.toml").read_text("utf-8")
    assert "weeks = 8" in place
    (folder / f"{name}.toml").write_text(place.replace("weeks = 8", "weeks = 2"), "utf-8")
    url = f"sqlite:///{folder / 'city.db'}"
    command = [sys.executable, "-c", "from hotspot.cli.app import main; main()", "demo"]
    command += ["--data", str(shared_data / name)]
    command += ["--place", str(folder / f"{name}.toml"), "--store", url, "--no-serve"]
    environment = {**os.environ, "HOTSPOT_DETECTION_REPLICATES": "199"}
    subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True)
    with served(url) as service:
        yield name, service


def test_city__is_listed_drawn_and_opened(visit: Visits, city: tuple[str, Service]) -> None:
    name, service = city
    page = visit(1440, 900, at=service, fresh=True)
    expect(page.locator(".row").first).to_be_visible()
    lon_deg, lat_deg, _ = camera_of(page)
    assert (lon_deg, lat_deg) == pytest.approx(MIDDLES[name], abs=0.15)
    assert share_of(map_picture(page), LAND) > 0.05
    assert {one.id for one in layers(page) if one.visible and one.count} >= {"areas", "hotspots"}
    page.locator(".row").first.click()
    expect(page.locator(".panel")).to_be_visible()
    expect(page.locator(".panel h2")).not_to_be_empty()


def test_city__has_its_week_before(visit: Visits, city: tuple[str, Service]) -> None:
    page = visit(960, 600, at=city[1])
    shown = page.locator(".map").first.get_attribute("data-drawn")
    page.get_by_role("button", name="One week back").click()
    expect(page.locator(".map").first).not_to_have_attribute("data-drawn", str(shown))
