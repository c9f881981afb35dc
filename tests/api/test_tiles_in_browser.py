"""Our tiles in MapLibre: a real browser asks for them, decodes them and draws all that lies in them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from hotspot.catalogue import Disclosure
from hotspot.store import engine as engines
from tests import served as stored
from tests.api.map.services import served
from tests.browser import PATIENCE_MS, Record, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOTSPOTS = 40
AREAS = 4

DRAW = """async ([address, layer, zoom]) => {
    const tiles = await (await fetch(`${address}?f=tilejson`)).json();
    const [west, south, east, north] = tiles.bounds;
    const container = document.createElement('div');
    Object.assign(container.style, {position: 'fixed', inset: 0, zIndex: 9, background: 'white'});
    document.body.append(container);
    const mapStyle = {
        version: 8,
        sources: {ours: {type: 'vector', tiles: tiles.tiles, minzoom: tiles.minzoom, maxzoom: tiles.maxzoom}},
        layers: [{id: 'drawn', type: 'fill', source: 'ours', 'source-layer': layer,
            paint: {'fill-color': '#c81e1e'}}],
    };
    const initialViewState = {longitude: (west + east) / 2, latitude: (south + north) / 2, zoom};
    const view = {'@@type': 'MapView', controller: true};
    const jsonInput = {mapProvider: 'maplibre', mapStyle, initialViewState, views: [view], layers: []};
    // deck.gl's own layer for tiles would fetch its decoder elsewhere; the MapLibre beside it has one.
    const made = globalThis.createDeck({container, jsonInput, tooltip: false});
    while (!made._map) await new Promise((resolve) => setTimeout(resolve, 20));
    const map = made._map;
    const failures = [];
    map.on('error', (event) => failures.push(String(event.error)));
    // Without a graphics card, the library takes its time to call a map idle that has long been drawn.
    while (!(map.isStyleLoaded() && map.isSourceLoaded('ours') && map.areTilesLoaded())) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => { map.once('render', resolve); map.triggerRepaint(); });
    const drawn = map.queryRenderedFeatures({layers: ['drawn']});
    const decoded = map.querySourceFeatures('ours', {sourceLayer: layer});
    const names = (features) => new Set(features.map((one) => one.properties.feature_id)).size;
    const told = drawn.map((one) => Object.keys(one.properties).length);
    container.remove();
    return {drawn: names(drawn), decoded: names(decoded), told: Math.min(...told), failures};
}"""


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service over a town with hotspots that all can be told from each other on the screen."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('tiles') / 'town.db')}"
    store = engines.create_engine(url)
    with engines.begin(store) as connection:
        stored.prepare(connection)
        stored.publish(connection, _apart(), levels=tuple(Disclosure))
    store.dispose()
    with served(url) as service:
        yield service.address


def _apart() -> list[Any]:
    """Squares in rows, so that none hides another."""
    places = [(x, y) for y in range(5) for x in range(8)]
    corner = np.array(stored.CORNER_M) + 50
    return [
        shapely.box(*(corner + np.array(one) * 110), *(corner + np.array(one) * 110 + 60)) for one in places
    ]


@pytest.fixture(scope="module")
def followed(town: str) -> Iterator[tuple[Page, Record]]:
    with chromium() as browser:
        page, record = browser.new_page(viewport={"width": 360, "height": 360}), Record()
        page.set_default_timeout(PATIENCE_MS)
        record.follow(page)
        # Any page of the service, so that its rules for scripts hold; this one has none of its own.
        page.goto(f"{town}v1/docs")
        page.add_script_tag(url=f"{town}web/deck.js")
        yield page, record


def test_tiles__are_decoded_and_drawn_by_maplibre(followed: tuple[Page, Record], town: str) -> None:
    page, record = followed
    hotspots = page.evaluate(DRAW, [f"{town}v1/collections/hotspots/tiles/WebMercatorQuad", "hotspots", 13])
    assert (hotspots["decoded"], hotspots["drawn"], hotspots["failures"]) == (HOTSPOTS, HOTSPOTS, [])
    assert hotspots["told"] > 10
    areas = page.evaluate(DRAW, [f"{town}v1/tiles/WebMercatorQuad", "neighbourhoods", 13])
    assert (areas["decoded"], areas["drawn"], areas["failures"]) == (AREAS, AREAS, [])
    paths = {
        url.removeprefix(town).split("?")[0].split("/")[1] for url in record.requests if "/tiles/" in url
    }
    assert paths == {"collections", "tiles"}
    assert all(url.startswith((town, "data:", "blob:")) for url in record.requests)
    # Chromium looks for an icon, which that page has not.
    assert len(record.complaints) <= 1
