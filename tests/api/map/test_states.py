"""States in which there is no list, or no longer a service: each says what happened and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OVERVIEW = re.compile(r"/v1/rankings/[^/]+/overview")


def refusing(status: int, detail: str, **headers: str) -> dict[str, Any]:  # Any: Playwright's own.
    """Describe a refusal of the service, as Playwright takes it."""
    return {
        "status": status,
        "content_type": "application/problem+json",
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "body": f'{{"detail": "{detail}"}}',
    }


def test_loading__shows_the_shape_of_the_list_and_says_so(visit: Visits) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = visit(
        360,
        740,
        "nl",
        drawn=False,
        before=lambda page: page.route(OVERVIEW, hold),
    )
    expect(page.locator(".results")).to_have_text("De hotspots worden geladen…")
    expect(page.locator(".skeleton")).to_be_visible()
    expect(page.locator(".choices")).to_be_hidden()
    page.wait_for_function("() => true")
    assert held
    held[0].continue_()
    expect(page.locator(".row").first).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)


def test_mistake_of_the_service__is_told_with_a_number_to_report_and_can_be_tried_again(
    visit: Visits,
) -> None:
    visit.allow("Failed to load resource.*500")
    refusal = refusing(500, "It was noted.", X_Request_Id="4f1c22ab")

    def fail(page: Page) -> None:
        page.route(OVERVIEW, lambda route: route.fulfill(**refusal))

    page = visit(820, 1180, "en", drawn=False, before=fail)
    notice = page.locator(".notice:visible")
    for said in ("The service made a mistake", "It was noted.", "4f1c22ab"):
        expect(notice).to_contain_text(said)
    expect(page.locator(".skeleton")).to_be_hidden()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".row").first).to_be_visible()
    expect(page.locator(".notice:visible")).to_have_count(0)


def test_busy_service__is_asked_again_when_it_says(visit: Visits) -> None:
    visit.allow("Failed to load resource.*503")
    asked: list[str] = []

    def put_off(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()
        else:
            route.fulfill(**refusing(503, "Busy.", Retry_After="1"))

    page = visit(before=lambda page: page.route(OVERVIEW, put_off))
    expect(page.locator(".row").first).to_be_visible()
    assert len([url for url in asked if url.split("/")[-2] == asked[0].split("/")[-2]]) >= 2
    expect(page.locator(".notice:visible")).to_have_count(0)


def test_network_that_goes__is_said_and_what_is_loaded_stays_usable(visit: Visits) -> None:
    visit.allow("Failed to load resource|net::ERR_INTERNET_DISCONNECTED")
    page = visit(960, 600, "en", "week=2010-W30", fresh=True)
    # Its code comes after the first view.
    expect(page.locator(".panel")).to_be_attached()
    page.context.set_offline(True)
    banner = page.locator(".banner")
    expect(banner).to_contain_text("No network. What is loaded stays usable")
    page.locator(".row").first.click()
    expect(page.locator(".panel")).to_be_visible()
    page.context.set_offline(False)
    expect(banner).to_contain_text("Connected again.")
    expect(banner).to_be_hidden()


def test_week_of_a_link__that_is_not_published_leads_to_the_nearest(visit: Visits) -> None:
    visit.allow("Failed to load resource.*404")
    page = visit(960, 600, "en", "week=2010-W20", fresh=True)
    expect(page.locator(".notice:visible")).to_contain_text("2010-W20 is not published")
    expect(page.locator(".map")).to_have_attribute("data-drawn", "2010-W25")


def test_hotspot_of_a_link__that_is_not_listed_leads_to_where_it_is(visit: Visits) -> None:
    visit.allow("Failed to load resource.*404")
    page = visit(960, 600, "nl", "week=2010-W30&hotspot=hs-t", fresh=True)
    notice = page.locator(".notice:visible")
    expect(notice).to_contain_text("Deze hotspot staat deze week niet in de lijst")
    page.get_by_role("button", name="Toon week 27").click()
    expect(page.locator(".panel")).to_be_visible()
    expect(notice).to_have_count(0)
    page = visit(960, 600, "en", "hotspot=hs-nowhere", fresh=True)
    expect(page.locator(".notice:visible")).to_contain_text("There is no hotspot hs-nowhere")


def test_nothing_published__is_said_and_nothing_is_offered(visit: Visits) -> None:
    visit.allow("Failed to load resource.*404")
    page = visit(360, 740, "en", at="nothing", fresh=True, drawn=False)
    expect(page.locator(".notice:visible")).to_contain_text("Nothing published yet")
    expect(page.locator(".choices")).to_be_hidden()


def test_map_library__that_cannot_be_loaded_leaves_the_list(visit: Visits) -> None:
    visit.allow(".")
    page = visit(
        drawn=False,
        before=lambda page: page.route("**/web/deck.js", lambda route: route.abort()),
        language="en",
    )
    expect(page.locator(".map-refusal")).to_contain_text("The list works all the same")
    page.locator(".row").first.click()
    expect(page.locator(".panel")).to_be_visible()
