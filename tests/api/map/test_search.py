"""The field that finds areas and hotspots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import camera_of, wait_until_still

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "Search for a neighbourhood, district or hotspot"


def test_search__chooses_an_area_and_flies_there(visit: Visits) -> None:
    page = visit(view="week=2010-W30")
    before = camera_of(page)
    field = page.get_by_role("combobox", name=NAME)
    field.fill("wyck")
    options = page.get_by_role("listbox", name=NAME).get_by_role("option")
    expect(options.first).to_contain_text("Wyck")
    options.filter(has_text="neighbourhood").first.click()
    expect(page).to_have_url(re.compile(r"area=\w+"))
    expect(page.locator(".chip-text")).to_have_text("Wyck")
    expect(field).to_have_value("")
    wait_until_still(page)
    assert camera_of(page) != before


def test_search__opens_a_hotspot_by_its_id_with_the_keyboard_alone(visit: Visits) -> None:
    page = visit(view="week=2010-W30")
    field = page.get_by_role("combobox", name=NAME)
    field.focus()
    page.keyboard.type("hs-n")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_visible()
    expect(page).to_have_url(re.compile("hotspot=hs-n"))


def test_search__says_that_nothing_is_found_and_lets_go_with_escape(visit: Visits) -> None:
    page = visit(view="week=2010-W30")
    field = page.get_by_role("combobox", name=NAME)
    field.fill("atlantis")
    expect(page.locator(".search-list")).to_contain_text("Nothing found")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("Escape")
    expect(page.locator(".search-list")).to_be_hidden()
    field.press("Escape")
    expect(field).to_have_value("")
