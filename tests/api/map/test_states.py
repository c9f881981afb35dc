"""States in which there is no list, or no longer a service: each says what happened and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import DRUGS, camera, is_tinted, middle, wait_for_colour
from tests.api.published import CENTRE_M
from tests.browser import DRAWN

if TYPE_CHECKING:
    from collections.abc import Callable

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


def no_library(page: Page) -> None:
    page.route("**/web/deck.js", lambda route: route.abort())


def no_webgl(page: Page) -> None:
    page.add_init_script(
        "const real = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        "    return kind.startsWith('webgl') ? null : real.call(this, kind, ...more);"
        "};"
    )


@pytest.mark.parametrize("without", [no_library, no_webgl])
def test_map__without_its_library_is_a_sketch_that_can_be_used(
    visit: Visits, without: Callable[[Page], None]
) -> None:
    visit.allow(".")
    x_m, y_m = CENTRE_M
    page = visit(drawn=False, before=without, language="en", view=camera(x_m - 400, y_m), at="town")
    expect(page.locator(".map-warning")).to_contain_text("This is a sketch")
    wait_for_colour(page, is_tinted(DRUGS, share=0.4))
    x_px, y_px = middle(page)
    page.mouse.move(x_px, y_px)
    expect(page.locator('.row[data-id="d2"]')).to_have_class(re.compile("lit"))
    expect(page.locator(".map-tip")).to_contain_text("B2")
    page.mouse.click(x_px, y_px)
    expect(page.locator(".panel h2")).to_have_text("Wyck")
    before = page.url
    page.mouse.move(x_px, y_px)
    page.mouse.down()
    page.mouse.move(x_px + 80, y_px + 40, steps=4)
    page.mouse.up()
    expect(page).not_to_have_url(before)
    page.mouse.move(x_px + 80, y_px + 40)
    # The hotspot went with the pointer, which is still over it.
    expect(page.locator(".map-tip")).to_contain_text("B2")
    page.mouse.wheel(0, -250)
    expect(page.locator(".map-tip")).to_be_hidden()
    page.mouse.move(x_px + 81, y_px + 40)
    expect(page.locator(".map-tip")).to_contain_text("B2")


def test_map__is_a_sketch_until_it_is_drawn(visit: Visits) -> None:
    held: list[Route] = []
    page = visit(
        drawn=False,
        fresh=True,
        before=lambda page: page.route("**/web/deck.js", lambda route: held.append(route)),  # noqa: PLW0108
        at="town",
    )
    page.locator(".map[data-sketched] .map-sketch").wait_for()
    for route in held:
        route.continue_()
    page.locator(DRAWN).wait_for()
    expect(page.locator(".map-sketch")).to_have_count(0)
