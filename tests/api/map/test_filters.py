"""What is asked for: theme, area, lifecycle, only what changed; on the list and on the map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import BURGLARY, DRUGS, camera, is_land, is_tinted, wait_for_colour
from tests.api.map.story import PLACES_M
from tests.api.published import CENTRE_M

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_themes__filter_the_list_and_the_map(visit: Visits) -> None:
    x_m, y_m = CENTRE_M
    page = visit(view=camera(x_m + 300, y_m), at="town")
    wait_for_colour(page, is_tinted(BURGLARY))
    page.get_by_role("combobox", name="Theme").select_option("drug_nuisance")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".row .badge").first).to_have_text("1")
    expect(page).to_have_url(re.compile("theme=drug_nuisance"))
    wait_for_colour(page, is_land)
    page.go_back()
    expect(page.locator(".row")).to_have_count(3)
    wait_for_colour(page, is_tinted(BURGLARY))


def ids(page: Page) -> list[str | None]:
    return [row.get_attribute("data-id") for row in page.locator(".row").all()]


def test_area__filters_the_list_and_the_map_and_is_remembered(visit: Visits) -> None:
    page = visit(view="week=2010-W30", fresh=True)
    area = page.get_by_role("combobox", name="Area", exact=True)
    code = area.locator("option").filter(has_text="Wyck").first.get_attribute("value")
    area.select_option(code)
    expect(page).to_have_url(re.compile(f"area={code}"))
    expect(page.locator(".chip").first).to_have_text(re.compile("Wyck"))
    # Whoever comes back without a link finds the area of last time.
    address = page.url.split("#", maxsplit=1)[0]
    page.goto("about:blank")
    page.goto(address)
    expect(page).to_have_url(re.compile(f"area={code}"))
    expect(page.get_by_role("combobox", name=re.compile("Area|Gebied"), exact=False).first).to_have_value(
        code or ""
    )


def test_area__of_whoever_works_somewhere_comes_first(visit: Visits) -> None:
    def works_here(page: Page) -> None:
        def answer(way: Route) -> None:
            told = way.fetch().json()
            way.fulfill(json=told | {"areas": [{"code": "BU01", "name": "Wyck"}]})

        page.route("**/v1/me", answer)

    # Nothing stands in the address: whoever comes without a link sees the own areas.
    page = visit(language="", at="story", before=works_here)
    expect(page).to_have_url(re.compile("area=BU01"))
    expect(page.locator(".chip-text")).to_have_text(re.compile("My areas|Mijn gebieden"))
    area = page.locator(".filter select").nth(1)
    expect(area.locator("option").first).to_have_text(re.compile("My areas|Mijn gebieden"))
    expect(area).to_have_value("BU01")


def test_lifecycle__filters_the_list_and_the_map_and_explains_itself(visit: Visits) -> None:
    page = visit(view=f"week=2010-W30&{camera(*PLACES_M['hs-n'])}")
    expect(page.locator(".row")).to_have_count(3)
    page.get_by_role("combobox", name="Lifecycle").select_option("sporadic")
    expect(page.locator(".row")).to_have_count(1)
    assert ids(page) == ["hs-a"]
    expect(page.locator(".results")).to_contain_text("1 of 3 hotspots")
    expect(page.locator(".results-why")).to_have_text("Strikingly busy now, and now and then before.")
    expect(page).to_have_url(re.compile("life=sporadic"))
    wait_for_colour(page, is_land)


def test_changed__shows_what_changed_and_what_is_gone(visit: Visits) -> None:
    page = visit(view="week=2010-W27")
    page.get_by_role("checkbox", name="Only what changed").check()
    expect(page).to_have_url(re.compile("changed=1"))
    assert "hs-t" in ids(page)
    expect(page.locator(".results")).to_contain_text(re.compile(r"\d of 4 hotspots|4 hotspots"))


def test_chips__say_what_is_on_and_clear_it(visit: Visits) -> None:
    page = visit(view="week=2010-W30&theme=drug_nuisance&life=new")
    chips = page.locator(".chip-text")
    expect(chips).to_have_text(["Drug nuisance", "New"])
    page.get_by_role("button", name="Switch off filter \u2018New\u2019").click()
    expect(chips).to_have_text(["Drug nuisance"])
    expect(page.locator(".row")).to_have_count(2)
    page.get_by_role("button", name="Switch off filter \u2018Drug nuisance\u2019").press("Enter")
    expect(page.locator(".chips")).to_be_hidden()
    # Whoever works with the keyboard is still at the filters.
    expect(page.get_by_role("combobox", name="Theme")).to_be_focused()
    expect(page.locator(".row")).to_have_count(3)


def test_filters__that_leave_nothing_say_so_and_are_cleared_at_once(visit: Visits) -> None:
    page = visit(view="week=2010-W30&life=historical")
    expect(page.locator(".ranking-instead")).to_contain_text("No hotspot passes these filters")
    expect(page.locator(".ranking-instead")).to_contain_text("There are 3 hotspots this week")
    page.locator(".ranking-instead button").click()
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator(".ranking-instead")).to_be_hidden()


def test_filters__close_the_panel_of_what_no_longer_passes(visit: Visits) -> None:
    page = visit(view="week=2010-W30&hotspot=hs-a")
    expect(page.locator(".panel")).to_be_visible()
    page.get_by_role("combobox", name="Theme").select_option("burglary")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("hotspot="))


def test_filters__fold_into_one_button_on_a_phone(visit: Visits) -> None:
    page = visit(360, 740, view="week=2010-W30&life=new")
    fold = page.get_by_role("button", name="Filters (1 on)")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("combobox", name="Theme")).to_be_hidden()
    fold.click()
    page.get_by_role("combobox", name="Theme").select_option("drug_nuisance")
    expect(page.get_by_role("button", name="Filters (2 on)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_filters__colour_the_map_by_what_passes(visit: Visits) -> None:
    page = visit(view=f"week=2010-W30&theme=drug_nuisance&{camera(*PLACES_M['hs-a'], zoom=17)}")
    wait_for_colour(page, is_tinted(DRUGS), (PLACES_M["hs-a"][0] + 35, PLACES_M["hs-a"][1] + 35))
