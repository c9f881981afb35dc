"""Ways through the whole page: by keyboard, by a link, at 200 %, without movement, and never off the host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import (
    DRUGS,
    camera,
    camera_of,
    colour_at,
    is_land,
    is_tinted,
    map_picture,
    picked,
    screen,
    wait_for_colour,
    wait_until_still,
)
from tests.api.map.story import PLACES_M, beside_badge

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_STOPS = 60
"""More stops than this between the top of the page and the list would be no way for anybody."""


def tab_to(page: Page, selector: str) -> int:
    """Press Tab until something has the focus; tells how often."""
    for stops in range(1, MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return stops
    pytest.fail(f"Tab does not lead to {selector}")


def test_keyboard__alone_leads_through_the_whole_page(visit: Visits) -> None:
    page = visit(1440, 900, view=f"week=2010-W27&{camera(*PLACES_M['hs-s'], zoom=15)}", fresh=True)
    page.locator("body").focus()
    page.keyboard.press("Tab")
    # The first stop leads past everything.
    expect(page.locator("#skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#list")).to_be_focused()
    tab_to(page, '.row[data-id="hs-t"]')
    row = page.locator('.row[data-id="hs-t"]')
    expect(row).to_have_class(re.compile("lit"))
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(row).to_be_focused()
    tab_to(page, 'input[type="range"]')
    page.keyboard.press("ArrowLeft")
    expect(page.locator('.map[data-drawn="2010-W26"]').first).to_be_attached()
    wait_until_still(page)
    # What split off a week later is not drawn yet.
    wait_for_colour(page, is_land, beside_badge("hs-t"))
    page.keyboard.press("ArrowRight")
    wait_for_colour(page, is_tinted(DRUGS), beside_badge("hs-t"))


def test_focus__is_seen_at_every_stop(visit: Visits) -> None:
    page = visit(1440, 900, view="week=2010-W30", fresh=True)
    page.locator("body").focus()
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
                const at = document.activeElement;
                if (at === document.body) return null;
                const style = (one) => getComputedStyle(one);
                const isOutlined = ({ outlineStyle, outlineWidth }) =>
                    outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
                const marks = (one) => isOutlined(style(one)) || style(one).boxShadow !== 'none';
                // Of a field in a frame it is the frame that may be marked.
                const seen = marks(at) || [...Array(2)].some((_, up) => {
                    const around = up === 0 ? at.parentElement : at.parentElement?.parentElement;
                    return around !== null && around !== undefined && marks(around);
                });
                return seen ? null : `${at.tagName}.${at.className} ${at.id}`;
            }"""
        )
        unseen += [] if told is None else [told]
    assert unseen == []


def test_link__shows_a_colleague_the_same_picture(visit: Visits) -> None:
    view = f"week=2010-W27&theme=drug_nuisance&layers=before&{camera(*PLACES_M['hs-t'], zoom=15.5)}"
    page = visit(960, 600, "nl", view)
    address = page.url.split("#", maxsplit=1)[1].removeprefix("lang=nl&")
    ours = map_picture(page)
    other = visit(960, 600, "nl", address, fresh=True)
    theirs = map_picture(other)
    assert ours.shape == theirs.shape
    # Smoothed edges may fall a little differently.
    assert (np.abs(ours - theirs).max(axis=-1) > 24).mean() < 0.01
    assert camera_of(other) == pytest.approx(camera_of(page), abs=1e-5)


def test_page__at_200_percent_reflows_and_still_draws(visit: Visits) -> None:
    # A zoom of 200 % halves the viewport that style sheets see.
    page = visit(
        640, 450, view=f"week=2010-W30&{camera(*PLACES_M['hs-a'])}", device_scale_factor=2, fresh=True
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    assert "hs-a" in {one.name for one in picked(page, *PLACES_M["hs-a"])}
    row = page.locator('.row[data-id="hs-a"]')
    row.scroll_into_view_if_needed()
    row.click()
    expect(page.locator(".panel h2")).to_be_in_viewport()


def test_reduced_motion__moves_the_map_at_once(visit: Visits) -> None:
    page = visit(view="week=2010-W30", fresh=True)
    page.locator('.row[data-id="hs-n"]').click()
    wait_until_still(page)
    # There is no flight: the next frame is the last, and nothing is still on its way.
    first = camera_of(page)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert camera_of(page) == first
    assert page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length") == 0
    x_px, y_px = screen(page, *beside_badge("hs-n"))
    assert not is_land(colour_at(page, x_px, y_px))


def test_nothing__leaves_the_host_whatever_is_opened(visit: Visits) -> None:
    page = visit(1440, 900, at="lived", view="week=2025-W11", fresh=True)
    for more in (
        "&layers=rate,cells,before,incidents&theme=drug_nuisance",
        "&layers=change",
        "&compare=2025-W10",
        "&compare=2025-W10&how=side",
        "&changed=1",
    ):
        page.evaluate("(hash) => { location.hash = hash; }", f"lang=en&week=2025-W11{more}")
        expect(page.locator("main")).not_to_have_class(re.compile("busy"))
        wait_until_still(page)
    asked = visit.requests(page)
    # The fixture refuses any address but the service's; what it refused nothing of must have been a lot.
    assert len(asked) > 30
    assert not [one for one in asked if one.startswith(("http", "ws"))]
    data = [one for one in asked if one.startswith("v1/")]
    assert len(data) == len(set(data)), "something was asked for twice"
