"""Signing in: what everybody sees, what somebody known sees, and that what expires loses nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.services import LIVED_AREA

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.api.map.conftest import Visits
    from tests.api.map.services import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REFUSED = "Failed to load resource.*401"


def sign_in(page: Page, key: str) -> None:
    """Fill in the dialog, which is open or is opened."""
    if page.locator("dialog.signin[open]").count() == 0:
        page.locator(".session").get_by_role("button").click()
    page.locator("dialog.signin input").fill(key)
    page.locator("dialog.signin select").select_option("analysis")
    page.locator("dialog.signin [type=submit]").click()


def test_session__of_the_local_user_says_that_he_sees_everything(visit: Visits) -> None:
    page = visit(960, 600, "nl")
    expect(page.locator(".session")).to_have_text("Lokaal: u ziet alles")
    expect(page.locator(".session button")).to_have_count(0)
    expect(page.locator(".level")).to_be_hidden()


def test_session__of_everybody_says_the_level_and_what_is_left_out(visit: Visits) -> None:
    page = visit(at="controlled", fresh=True)
    expect(page.locator(".session")).to_contain_text("You see what is open to everybody")
    expect(page.locator(".level")).to_contain_text("Open level. Only what rests on at least 5 incidents")


def test_sign_in__with_a_wrong_key_says_so_and_keeps_the_dialog(visit: Visits) -> None:
    visit.allow(REFUSED)
    page = visit(360, 740, "nl", at="controlled", fresh=True)
    sign_in(page, "hsk_wrong")
    expect(page.get_by_role("alert")).to_contain_text("wordt niet aangenomen")
    expect(page.locator("dialog.signin input")).to_be_focused()
    field = page.locator("dialog.signin input")
    assert [field.get_attribute(name) for name in ("type", "autocomplete")] == ["password", "off"]
    page.keyboard.press("Escape")
    expect(page.locator("dialog.signin")).to_be_hidden()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_sign_in__shows_role_and_areas_and_lasts_until_signing_out(
    visit: Visits, controlled: Service
) -> None:
    page = visit(at="controlled", fresh=True)
    key = controlled.key("area_team", areas=frozenset({LIVED_AREA}))
    sign_in(page, key)
    expect(page.locator(".session summary")).to_contain_text("Area team")
    expect(page.locator(".level")).to_contain_text("Your areas only.")
    page.reload()
    expect(page.locator(".session summary")).to_contain_text("Area team")
    # It is in this tab alone, and in no address.
    assert page.evaluate("localStorage.getItem('hotspot.session')") is None
    assert not [url for url in visit.requests(page) if key in url]
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".session")).to_contain_text("You see what is open to everybody")
    expect(page.locator(".level")).to_contain_text("Open level.")
    assert page.evaluate("sessionStorage.length") == 0


def test_sign_in__that_expires_keeps_the_view_and_what_was_typed_and_goes_on(
    visit: Visits, controlled: Service
) -> None:
    visit.allow(REFUSED)
    page = visit(at="controlled", fresh=True)
    key = controlled.key("analyst")
    sign_in(page, key)
    expect(page.locator(".session summary")).to_contain_text("Analyst")
    page.wait_for_function("() => !document.querySelector('main').classList.contains('busy')")
    search = page.get_by_role("combobox").first
    search.fill("what I typed")
    seen = page.locator(".results strong").inner_text()

    def refuse(route: Route) -> None:
        route.fulfill(
            status=401, content_type="application/problem+json", body='{"detail": "it has expired"}'
        )

    page.route(re.compile(r"/v1/rankings/.*overview"), refuse)
    page.evaluate("location.hash = 'lang=en&week=2025-W09'")
    dialog = page.locator("dialog.signin")
    expect(dialog).to_contain_text("Your sign-in has expired")
    expect(page.locator(".results strong")).to_have_text(seen)
    page.unroute_all()
    sign_in(page, key)
    expect(dialog).to_be_hidden()
    # The very request that was refused is asked again.
    expect(page.locator(".map")).to_have_attribute("data-drawn", "2025-W09")
    expect(search).to_have_value("what I typed")
