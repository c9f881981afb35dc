"""The layers beside the hotspots: what is chosen is drawn, and the legend says what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import layer, map_picture, share_of
from tests.api.map.story import WEEKS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DENSE = (188, 88, 24)
"""The darkest colour of the density in `style.js`; it is drawn over the land with so much of it:"""

SEEN = 200 / 255

LAND = (229, 233, 236)
"""What `style.js` calls so."""


def opened(page: Page) -> None:
    """Unfold the control."""
    if page.locator("#flyout-layers").is_hidden():
        page.locator('[data-tool="layers"]').click()


def test_layers__density_is_drawn_and_explained_in_the_same_colours(visit: Visits) -> None:
    page = visit(at="lived", view="week=2025-W11&layers=cells")
    expect(page.locator(".map")).to_have_attribute("data-layers", re.compile(r"cells:[1-9]"))
    over = [round(SEEN * one + (1 - SEEN) * other) for one, other in zip(DENSE, LAND, strict=True)]
    assert share_of(map_picture(page), (over[0], over[1], over[2])) > 0.0005
    blocks = page.locator(".legend .ramp-block")
    assert blocks.last.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(188, 88, 24)"
    expect(page.locator(".legend-unit")).to_contain_text("incidents per km²")


def test_layers__neighbourhoods_have_figures_in_words_and_in_a_table(visit: Visits) -> None:
    page = visit(1280, 800, at="lived", view="week=2025-W11&layers=rate")
    section = page.locator(".legend-section")
    expect(section).to_contain_text("per 1,000 inhabitants")
    with_figures = section.locator(".ramp, .swatch-none")
    expect(with_figures.first).to_be_attached()
    if section.locator(".ramp").count() > 0:
        section.locator("summary").click()
        expect(section.locator("tbody tr").first).to_be_visible()
        assert section.locator("tbody tr").count() > 1


def test_layers__last_weeks_hotspots_are_dotted_and_what_is_gone_has_a_ring(visit: Visits) -> None:
    page = visit(view=f"week={WEEKS[4]}&layers=before")
    expect(page.locator(".map")).not_to_have_attribute("data-layers", re.compile("incidents"))
    page = visit(view=f"week={WEEKS[1]}&layers=before")
    expect(page.locator(".map")).to_have_attribute("data-layers", re.compile(r"before:[1-9]"))
    found = layer(page, "before")
    assert found is not None
    assert found.visible
    expect(page.locator(".legend-section")).to_contain_text("was listed, is no longer")


def test_layers__incidents_are_one_dot_per_place(visit: Visits) -> None:
    page = visit(at="lived", view="week=2025-W11&layers=incidents")
    expect(page.locator(".map")).to_have_attribute("data-layers", re.compile(r"incidents:[1-9]"))
    found = layer(page, "incidents")
    assert found is not None
    assert found.count > 1


def test_layers__incidents_are_refused_to_who_may_not_see_them(visit: Visits) -> None:
    page = visit(at="controlled", view="week=2025-W11&layers=incidents")
    opened(page)
    expect(page.locator('#flyout-layers input[name="incidents"]')).to_be_disabled()
    expect(page.locator("#flyout-layers")).to_contain_text("Your level may not see single incidents.")
    assert not [url for url in visit.requests(page) if "/incidents/" in url]


def test_layers__are_chosen_by_keyboard_and_stand_in_the_address(visit: Visits) -> None:
    page = visit(at="lived", view="week=2025-W11")
    button = page.locator('[data-tool="layers"]')
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.get_by_role("checkbox", name="Density").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("layers=cells"))
    expect(page.locator(".map")).to_have_attribute("data-layers", re.compile(r"cells:[1-9]"))
    page.get_by_role("radio", name="No colours").focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("layers=rate,cells"))
    page.keyboard.press("Escape")
    expect(page.locator("#flyout-layers")).to_be_hidden()
    expect(button).to_be_focused()


def test_map__answers_what_is_drawn_at_a_pixel_and_keeps_layers_that_do_not_change(visit: Visits) -> None:
    page = visit(view=f"week={WEEKS[2]}")
    kept = page.evaluate(
        """() => {
            const map = document.querySelector('.map');
            const detail = {x: map.clientWidth / 2, y: map.clientHeight / 2};
            const event = new CustomEvent('hotspot-pick', {detail});
            map.dispatchEvent(event);
            return Array.isArray(event.detail.found);
        }"""
    )
    assert kept
    before = page.locator(".map").get_attribute("data-layers")
    page.locator(".row").first.hover()
    expect(page.locator(".map")).to_have_attribute("data-layers", re.compile("raised:1"))
    page.mouse.move(0, 0)
    expect(page.locator(".map")).to_have_attribute("data-layers", before or "")
