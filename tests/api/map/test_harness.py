"""The stores and the tools of these tests are what they say they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import DRUGS, camera, is_tinted, layers, maps, picked, wait_for_colour
from tests.api.map.story import PLACES_M, WEEKS, beside_badge

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = pytest.mark.browser


def test_story__has_its_weeks_on_the_map(visit: Visits) -> None:
    page = visit(view=f"week={WEEKS[2]}&{camera(*PLACES_M['hs-t'])}")
    wait_for_colour(page, is_tinted(DRUGS), beside_badge("hs-t"))
    assert "hs-t" in {one.name for one in picked(page, *PLACES_M["hs-t"])}
    assert maps(page) == 1
    assert all(one.visible for one in layers(page))
    page = visit(view=f"week={WEEKS[4]}")
    expect(page.locator(".row")).to_have_count(0)


def test_lived__has_hotspots_and_incidents(visit: Visits) -> None:
    page = visit(at="lived", view="week=2025-W11")
    expect(page.locator(".row")).to_have_count(7)
    items = page.request.get(f"{page.url.split('#')[0]}v1/collections/incidents/items?limit=1").json()
    assert len(items["features"]) == 1
