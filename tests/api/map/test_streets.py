"""Streets that were loaded are drawn below the hotspots from close by, and asked for once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import shapely
from playwright.sync_api import expect

from hotspot.crs import Plane
from hotspot.served import Row
from hotspot.store import engine as engines
from hotspot.store import serving
from tests.api.map.drawn import camera, colour_at, layers, screen, wait_until_still
from tests.api.map.services import Service, filled, served
from tests.api.map.story import write_story
from tests.api.published import CENTRE_M, TOWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAIN = (203, 209, 215)
"""The colour of main roads in `style.js`."""

ON_THE_ROAD_M = (CENTRE_M[0] - 300.0, CENTRE_M[1] - 150.0)
"""On a main road from west to east, away from every hotspot."""

STREETS = "v1/collections/streets/items"


def write_streets(store_url: str) -> None:
    """Load a main road and, north of it, a lane."""
    write_story(store_url)
    x_m, y_m = ON_THE_ROAD_M
    rows = []
    for name, importance, dy_m in (("st-road", 1, 0.0), ("st-lane", 3, 60.0)):
        line = shapely.MultiLineString([[(x_m - 900.0, y_m + dy_m), (x_m + 1500.0, y_m + dy_m)]])
        said = {
            "street_id": name,
            "name": None,
            "street_class": None,
            "importance": importance,
            "length_m": 2400.0,
        }
        rows.append(Row(name, said, line, (TOWN.code,)))
    store = engines.create_engine(store_url)
    with engines.begin(store) as connection:
        serving.serve_streets(connection, rows, Plane(TOWN.srid), made_at=None)
    store.dispose()


@pytest.fixture(scope="module")
def with_streets(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    url = filled(sqlite_template, tmp_path_factory.mktemp("streets"), write_streets)
    with served(url, streets_credit="Streets by Example") as service:
        yield service


def test_streets__are_drawn_where_they_lie_and_asked_for_once(visit: Visits, with_streets: Service) -> None:
    page = visit(at=with_streets, view=camera(*ON_THE_ROAD_M, zoom=16))
    expect(page.locator(".map")).to_have_attribute("data-layers", _with("streets-2:1 streets-0:1"))
    wait_until_still(page)
    x_px, y_px = screen(page, *ON_THE_ROAD_M)
    expect(page.locator(".map-credit").first).to_contain_text("Streets by Example")
    seen = colour_at(page, x_px, y_px)
    assert all(abs(one - other) <= 6 for one, other in zip(seen, MAIN, strict=True)), seen
    drawn = [one.id for one in layers(page)]
    assert drawn.index("streets-0") < drawn.index("hotspots")
    asked = [one for one in visit.requests(page) if one.startswith(STREETS)]
    assert asked
    assert len(set(asked)) == len(asked)
    page.mouse.move(x_px, y_px)
    page.mouse.wheel(0, -120)
    wait_until_still(page)
    assert [one for one in visit.requests(page) if one.startswith(STREETS)] == asked


def test_streets__are_fewer_from_further_and_none_from_afar(visit: Visits, with_streets: Service) -> None:
    # A page that was closer before keeps the streets that it has.
    page = visit(at=with_streets, view=camera(*ON_THE_ROAD_M, zoom=13.5), fresh=True)
    expect(page.locator(".map")).to_have_attribute("data-layers", _with("streets-0:1"))
    assert "streets-2" not in [one.id for one in layers(page)]
    page = visit(at=with_streets, view=camera(*ON_THE_ROAD_M, zoom=12))
    expect(page.locator(".map")).not_to_have_attribute("data-layers", _with("streets"))


def test_streets__are_not_asked_for_where_none_were_loaded(visit: Visits) -> None:
    page = visit(view=camera(*ON_THE_ROAD_M, zoom=16))
    assert page.evaluate("fetch('v1/map').then((answer) => answer.json())")["streets"] is None
    wait_until_still(page)
    assert [one for one in visit.requests(page) if "streets" in one and "web/" not in one] == []


def _with(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))
