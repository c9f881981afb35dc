"""The address holds the whole view: a link shows a colleague the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import DRAWN

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_link__shows_the_same_filters_week_and_hotspot(visit: Visits) -> None:
    page = visit(960, 600, "nl", "week=2010-W27&theme=drug_nuisance&life=new&changed=1&hotspot=hs-t")
    expect(page.get_by_role("combobox", name="Thema")).to_have_value("drug_nuisance")
    expect(page.get_by_role("combobox", name="Levensloop")).to_have_value("new")
    expect(page.get_by_role("checkbox", name="Alleen wat veranderde")).to_be_checked()
    expect(page.get_by_role("combobox", name="Week", exact=True)).to_have_value("2010-W27")
    expect(page.locator(".panel")).to_be_visible()
    expect(page).to_have_title(re.compile("^Week 27 · Hotspots per week · "))


def test_back__undoes_each_choice_and_forward_redoes_it(visit: Visits) -> None:
    page = visit(view="week=2010-W30", fresh=True)
    page.get_by_role("combobox", name="Theme").select_option("drug_nuisance")
    page.get_by_role("button", name="One week back").click()
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W29")
    page.go_back()
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W30")
    expect(page.get_by_role("combobox", name="Theme")).to_have_value("drug_nuisance")
    page.go_back()
    expect(page.get_by_role("combobox", name="Theme")).to_have_value("")
    page.go_forward()
    expect(page.get_by_role("combobox", name="Theme")).to_have_value("drug_nuisance")


def test_link__to_a_hotspot_that_the_filters_leave_out_shows_it_all_the_same(visit: Visits) -> None:
    page = visit(view="week=2010-W30&life=new&hotspot=hs-a")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".panel")).to_be_visible()
