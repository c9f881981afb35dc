"""Two weeks at once: on two maps, or on one with a border that is moved; and what differs, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import (
    DRUGS,
    camera_of,
    map_picture,
    maps,
    picked,
    screen,
    share_of,
    wait_until_still,
)
from tests.api.map.story import PLACES_M

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OTHER = '.map-other[data-drawn="2010-W27"]'


def ready(page: Page) -> None:
    """Wait until the other week is drawn as well."""
    page.wait_for_selector(OTHER)
    wait_until_still(page)


@pytest.mark.parametrize("size", [(1440, 900), (820, 1180)])
def test_side_by_side__draws_each_week_on_its_own_map_and_moves_both(
    visit: Visits, size: tuple[int, int]
) -> None:
    page = visit(*size, "en", "week=2010-W30&compare=2010-W27&how=side", fresh=True)
    ready(page)
    assert maps(page) == 2
    # The earlier week is at the left; hs-t was on its list and is not on the later one.
    expect(page.locator(".compare-left")).to_have_text("Week 27")
    expect(page.locator(".compare-right")).to_have_text("Week 30")
    boxes = [page.locator(place).bounding_box() for place in (".map-other", ".map:not(.map-other)")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    assert [one.name for one in picked(page, *PLACES_M["hs-t"], of=1) if one.name == "hs-t"]
    assert not [one.name for one in picked(page, *PLACES_M["hs-t"]) if one.name == "hs-t"]
    page.mouse.move(boxes[0]["x"] + boxes[0]["width"] / 2, boxes[0]["y"] + boxes[0]["height"] / 2)
    zoom = camera_of(page)[2]
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        """(zoom) => {
            const [one, other] = [0, 1].map((at) => drawnHere.camera(at).zoom);
            return one > zoom && Math.abs(one - other) < 1e-6;
        }""",
        arg=zoom,
    )


def test_swipe__is_a_slider_for_keyboard_and_pointer(visit: Visits) -> None:
    x_m, y_m = PLACES_M["hs-t"]
    page = visit(960, 600, "nl", "week=2010-W30&compare=2010-W27", fresh=True)
    ready(page)
    slider = page.get_by_role("slider", name="Grens tussen Week 27 (links) en Week 30 (rechts)")
    expect(slider).to_have_attribute("aria-valuenow", "50")
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "100")
    wait_until_still(page)
    all_before = share_of(map_picture(page), DRUGS)
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0\u00a0% Week 27")
    wait_until_still(page)
    # On one side three drug hotspots are drawn, on the other two, one of them hollow.
    assert share_of(map_picture(page), DRUGS) < all_before
    page.keyboard.press("PageUp")
    expect(slider).to_have_attribute("aria-valuenow", "10")
    box = slider.bounding_box()
    assert box is not None
    x_px, _ = screen(page, x_m, y_m)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x_px + 60, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    assert 10 < int(slider.get_attribute("aria-valuenow") or 0) < 100


def test_list__says_what_differs_in_words_and_comparing_is_stopped(visit: Visits) -> None:
    page = visit(360, 740, "en", "week=2010-W30&compare=2010-W27&how=side", fresh=True)
    ready(page)
    # On a narrow screen there is room for one map only.
    expect(page.get_by_role("slider", name="Border between Week 27")).to_be_visible()
    differs = page.locator(".differs")
    expect(differs.locator("h2")).to_have_text("Week 30 beside week 27")
    expect(differs.locator(".differs-sum")).to_contain_text("1 new")
    expect(differs.locator('[data-id="hs-n"]')).to_be_visible()
    expect(differs.locator('[data-id="hs-t"]')).to_be_visible()
    differs.get_by_role("button", name="Stop comparing").click()
    expect(differs).to_be_hidden()
    expect(page.locator(".map-other")).to_have_count(0)
    assert maps(page) == 1
    assert "compare" not in page.url


def test_week_to_compare_with__is_chosen_from_those_that_are_published(visit: Visits) -> None:
    page = visit(820, 1180, "nl", "week=2010-W30", fresh=True)
    page.get_by_role("button", name="Vergelijken").click()
    chooser = page.get_by_label("Week 30 vergelijken met")
    assert len(chooser.locator("option").all()) == 6
    chooser.select_option("2010-W27")
    ready(page)
    page.get_by_role("button", name="Naast elkaar").click()
    expect(page.locator(".stage")).to_have_class("stage compare-side")
    assert "compare=2010-W27&how=side" in page.url
    page.keyboard.press("Escape")
    expect(chooser).to_be_hidden()
