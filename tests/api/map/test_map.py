"""What the map draws, and how it and the list are one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import (
    BURGLARY,
    DRUGS,
    camera,
    is_tinted,
    layers,
    middle,
    screen,
    wait_for_colour,
    without_card,
)
from tests.api.published import CENTRE_M

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = pytest.mark.browser

SHIFT = "() => new DOMMatrix(document.querySelector('.map-canvas canvas').style.transform).e"
"""How far the library's picture lies to the right of where it was drawn, in pixels."""
FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_page__draws_each_hotspot_in_the_colour_of_its_theme(visit: Visits) -> None:
    x_m, y_m = CENTRE_M
    page = visit(view=camera(x_m + 300, y_m), at="town")
    wait_for_colour(page, is_tinted(BURGLARY))
    page = visit(view=camera(x_m - 400, y_m), at="town")
    # This one is likely, which is drawn lighter.
    wait_for_colour(page, is_tinted(DRUGS, share=0.4))


def test_page__links_the_map_to_the_list(visit: Visits) -> None:
    x_m, y_m = CENTRE_M
    page = visit(view=camera(x_m - 400, y_m), at="town")
    page.mouse.move(*middle(page))
    expect(page.locator('.row[data-id="d2"]')).to_have_class(re.compile("lit"))
    expect(page.locator(".map-tip")).to_contain_text("B2")
    page.mouse.click(*middle(page))
    expect(page.locator(".panel h2")).to_have_text("Wyck")
    expect(page.locator('.row[data-id="d2"]')).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("hotspot=d2"))


def test_map__without_a_graphics_card_draws_hotspots_above_the_library(visit: Visits) -> None:
    x_m, y_m = CENTRE_M
    page = visit(
        before=without_card,
        view=camera(x_m - 400, y_m),
        at="town",
    )
    assert {"areas", "borders"} <= {one.id for one in layers(page)}
    assert "hotspots" not in {one.id for one in layers(page)}
    expect(page.locator(".map")).to_have_attribute("data-layers", re.compile(r"hotspots:\d"))
    wait_for_colour(page, is_tinted(DRUGS, share=0.4))
    # Both move together: the place stays under its colour.
    page.locator(".map-tools button").nth(1).click()
    wait_for_colour(page, is_tinted(DRUGS, share=0.4), (x_m - 400, y_m))
    page.mouse.move(*middle(page))
    expect(page.locator('.row[data-id="d2"]')).to_have_class(re.compile("lit"))
    expect(page.locator(".map")).to_have_attribute("data-layers", re.compile("raised:1"))
    page.mouse.click(*middle(page))
    expect(page.locator(".panel h2")).to_have_text("Wyck")


def test_map__without_a_graphics_card_moves_the_last_picture_until_it_rests(visit: Visits) -> None:
    x_m, y_m = CENTRE_M
    page = visit(
        before=without_card,
        view=camera(x_m - 400, y_m),
        at="town",
    )
    wait_for_colour(page, is_tinted(DRUGS, share=0.4))
    x_px, y_px = middle(page)
    page.mouse.move(x_px, y_px)
    page.mouse.down()
    shifts_px = []
    for step in range(1, 12):
        page.mouse.move(x_px + 12 * step, y_px)
        page.evaluate(FRAME)
        shifts_px.append(page.evaluate(SHIFT))
    page.mouse.up()
    assert max(shifts_px) > 20, f"the library's picture follows, got shifts of {shifts_px}"
    page.wait_for_function(f"() => ({SHIFT})() === 0")
    # Both lie where they were pulled to: the hotspot, and the ground below it.
    wait_for_colour(page, is_tinted(DRUGS, share=0.4), (x_m - 400, y_m))
    moved_px = screen(page, x_m - 400, y_m)[0] - x_px
    assert 110 < moved_px < 140, f"it lies {moved_px} pixels from where it was"
