"""The page as a whole: its language, its address, its sizes, and what it says when something is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = pytest.mark.browser


def test_language__is_switched_and_remembered(visit: Visits) -> None:
    page = visit(language="", at="town", fresh=True)
    address = page.url.split("#", maxsplit=1)[0]
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator(".row").nth(1)).to_contain_text("12 incidenten, verwacht 0,7")
    page.get_by_role("button", name="EN, English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".row").nth(1)).to_contain_text("12 incidents, 0.7 expected")
    expect(page).to_have_title(re.compile("Hotspots by week \u00b7 Maastricht$"))
    expect(page).to_have_url(re.compile("lang=en"))
    page.goto(f"{address}v1")
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_page__is_used_by_keyboard_alone(visit: Visits) -> None:
    page = visit(at="town")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.id") == "d1":
            break
    expect(page.locator('.row[data-id="d1"]')).to_be_focused()
    expect(page.locator('.row[data-id="d1"]')).to_have_class(re.compile("lit"))
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator('.row[data-id="d1"]')).to_be_focused()


def test_address__restores_the_view(visit: Visits) -> None:
    page = visit(960, 600, "nl", "week=2010-W30&theme=drug_nuisance&hotspot=d2", at="town")
    expect(page.get_by_role("combobox", name="Thema")).to_have_value("drug_nuisance")
    expect(page.locator(".panel .badge")).to_have_text("2")
    visit.allow("404")
    unknown = visit(960, 600, "en", "week=1999-W01&theme=none&hotspot=none", at="town")
    expect(unknown.locator(".notice").last).to_contain_text("1999-W01 is not published")
    # The nearest week that is published has one.
    expect(unknown.locator(".row")).to_have_count(1)


@pytest.mark.parametrize("width_px", [360, 820])
def test_page__fits_narrow_screens(visit: Visits, width_px: int) -> None:
    page = visit(width_px, 740, at="town")
    assert page.evaluate("document.documentElement.scrollWidth") == width_px
    page.locator(".row").first.click()
    expect(page.locator(".panel")).to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".panel")).to_be_hidden()


def test_page__works_under_a_policy_without_exceptions(visit: Visits) -> None:
    page = visit(at="town")
    policy = page.request.get(page.url.split("#", maxsplit=1)[0]).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
