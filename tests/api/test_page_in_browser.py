"""The map page as its readers meet it: a real browser, the real service, a store with the town in it."""

from __future__ import annotations

import base64
import re
import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from playwright.sync_api import expect

from api.app import create_app
from api.settings import ApiSettings
from hotspot.crs import Plane
from tests.api.published import CENTRE_M, TOWN, write_town
from tests.api.told import write_told
from tests.browser import DRAWN, PATIENCE_MS, Record, chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LAND = (229, 233, 236)
"""What `style.js` calls so."""

BURGLARY = (178, 62, 8)
DRUGS = (16, 92, 158)
"""The first two colours of `style.js`, in the order of the themes' names."""

expect.set_options(timeout=PATIENCE_MS)


def serve(store_url: str) -> Iterator[str]:
    """Serve a store until the tests are done with it."""
    config = uvicorn.Config(
        create_app(ApiSettings(store_url=store_url)), host="127.0.0.1", port=0, log_level="error", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"http://{host}:{port}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('page') / 'town.db')}"
    write_town(url)
    yield from serve(url)


@pytest.fixture(scope="module")
def told_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('page') / 'told.db')}"
    write_told(url)
    yield from serve(url)


@pytest.fixture
def nothing(sqlite_url: str) -> Iterator[str]:
    yield from serve(sqlite_url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def new_page(browser: Browser, *, width_px: int = 960, height_px: int = 600) -> Page:
    """Open an empty page that remembers nothing."""
    size: Any = {"width": width_px, "height": height_px}  # Any: Playwright's own type is private.
    page = browser.new_context(viewport=size, locale="nl-NL", reduced_motion="reduce").new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


@pytest.fixture(scope="module")
def followed(browser: Browser, town: str) -> Iterator[tuple[Page, Record]]:
    """One page for most tests, as starting to draw takes seconds without a graphics card."""
    page, record = new_page(browser), Record()
    record.follow(page)
    page.goto(f"{town}#lang=en")
    page.wait_for_selector(DRAWN)
    yield page, record
    page.context.close()


@pytest.fixture
def opened(followed: tuple[Page, Record], town: str) -> Iterator[Callable[..., Page]]:
    """Follow a link to a view; afterwards nothing was asked of others and nothing went wrong."""
    page, record = followed

    def follow_link(view: str = "#lang=en") -> Page:
        page.goto(town + view)
        expect(page.locator("main")).not_to_have_class(re.compile("busy"))
        return page

    yield follow_link
    assert record.complaints == []
    assert [url for url in record.requests if not url.startswith((town, "data:", "blob:"))] == []


def camera(x_m: float, y_m: float, *, zoom: float = 16) -> str:
    """Say in the address that a place is in the middle of the map."""
    lon_deg, lat_deg = Plane(TOWN.srid).to_lon_lat([(x_m, y_m)])[0]
    return f"map={lon_deg:.6f}/{lat_deg:.6f}/{zoom}"


def middle(page: Page) -> tuple[float, float]:
    """Where on the screen the middle of the map is."""
    box = page.locator(".map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def colour_at_the_middle(page: Page) -> tuple[int, int, int]:
    """Colour on the screen in the middle of the map."""
    x_px, y_px = middle(page)
    clip: Any = {"x": x_px, "y": y_px, "width": 1, "height": 1}  # Any: as above.
    picture = base64.b64encode(page.screenshot(clip=clip)).decode()
    red, green, blue = page.evaluate(
        """async (picture) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1});
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        }""",
        picture,
    )
    return red, green, blue


def wait_for_colour(page: Page, wanted: Callable[[tuple[int, int, int]], bool]) -> None:
    """Wait until the middle of the map has a colour: a frame may come later than the list."""
    for _ in range(100):
        found = colour_at_the_middle(page)
        if wanted(found):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the middle of the map stays {found}")


def is_land(colour: tuple[int, int, int]) -> bool:
    return colour == LAND


def is_tinted(theme: tuple[int, int, int], *, share: float = 1) -> Callable[[tuple[int, int, int]], bool]:
    """Tell whether a colour is what a strong hotspot's filling makes of the land; of a likely one a share."""
    alpha = round(176 * share) / 255
    mixed = [round(alpha * one + (1 - alpha) * other) for one, other in zip(theme, LAND, strict=True)]
    return lambda colour: all(abs(one - other) <= 3 for one, other in zip(mixed, colour, strict=True))


def test_page__draws_each_hotspot_in_the_colour_of_its_theme(opened: Callable[..., Page]) -> None:
    x_m, y_m = CENTRE_M
    page = opened(f"#lang=en&{camera(x_m + 300, y_m)}")
    wait_for_colour(page, is_tinted(BURGLARY))
    page = opened(f"#lang=en&{camera(x_m - 400, y_m)}")
    # This one is likely, which is drawn lighter.
    wait_for_colour(page, is_tinted(DRUGS, share=0.4))


def test_page__links_the_map_to_the_list(opened: Callable[..., Page]) -> None:
    x_m, y_m = CENTRE_M
    page = opened(f"#lang=en&{camera(x_m - 400, y_m)}")
    page.mouse.move(*middle(page))
    expect(page.locator('.row[data-id="d2"]')).to_have_class(re.compile("lit"))
    expect(page.locator(".map-tip")).to_contain_text("B2")
    page.mouse.click(*middle(page))
    expect(page.locator(".panel h2")).to_have_text("Wyck")
    expect(page.locator('.row[data-id="d2"]')).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("hotspot=d2"))


def test_page__shows_the_list_by_theme_and_rank_with_empty_lists_as_results(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    expect(page.locator(".results strong")).to_have_text("3 hotspots")
    expect(page.locator(".ranking-theme")).to_have_text(
        [re.compile(x) for x in ("^ABurg", "^BDrug", "^CNuis")]
    )
    assert [row.get_attribute("data-id") for row in page.locator(".row").all()] == ["b1", "d1", "d2"]
    expect(page.locator('.row[data-id="d1"]')).to_contain_text("12 incidents, 0.7 expected")
    expect(page.locator(".empty-unsure")).to_contain_text("3 incidents where 50 are needed")
    expect(page.locator(".map-warning")).to_be_visible()
    expect(page.locator(".map-credit")).to_have_text("Boundaries: drawn for a test, 2024")


def test_list__groups_by_kind_and_says_how_sure_in_words(opened: Callable[..., Page]) -> None:
    page = opened()
    expect(page.locator(".results")).to_contain_text("2 confirmed, 1 likely")
    expect(page.locator(".ranking-kind")).to_have_text(["Chronic: all year", "Acute: the last weeks"])
    expect(page.locator(".ranking-none")).to_have_text("No acute hotspots this week.")
    said = [row.locator(".row-tags").inner_text().split("\n") for row in page.locator(".row").all()]
    assert said == [["confirmed", "hot line"], ["confirmed", "hot area"], ["likely", "hot area"]]
    page = opened("#lang=nl&theme=drug_nuisance")
    expect(page.locator(".results")).to_contain_text("1 bevestigd, 1 waarschijnlijk")
    expect(page.locator(".ranking-kind")).to_have_text("Acuut: de laatste weken")


def test_legend__states_the_error_rate_of_each_grade(opened: Callable[..., Page]) -> None:
    for view, rates in {
        "#lang=en": ["at most 5% show any", "at most 1 in 10 is expected to be false"],
        "#lang=nl": ["hooguit 5\u00a0% er toch een", "hooguit 1 op de 10 vals"],
    }.items():
        page = opened(view)
        # The legend is folded on a screen of this size; there, the end of the list says the same.
        for place in (".legend-grade", ".sure p"):
            expect(page.locator(place)).to_contain_text(rates)
        expect(page.locator(".sure")).to_be_visible()


def test_list__scrolls_within_its_own_space(opened: Callable[..., Page]) -> None:
    page = opened()
    expect(page.locator(".foot")).to_be_in_viewport(ratio=1)
    last = page.locator(".empty").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(page.locator(".top")).to_be_in_viewport(ratio=1)


def test_panel__says_why_in_plain_words(opened: Callable[..., Page]) -> None:
    page = opened("#lang=en&hotspot=d1")
    panel = page.locator(".panel")
    expect(panel.locator("h2")).to_have_text("Wyck")
    for text in (
        "17\u00d7 as many as expected",
        "at most once in 1,000 weekly lists of this theme. p = 0.001",
        "Spread over 5 places",
        "Céramique25%",
        "Dealing8",
        "Confirmed: of the weeks without hotspots, at most 5% show any, per theme and kind.",
        "Hot area: spread over an area.",
    ):
        expect(panel).to_contain_text(text)
    href = panel.get_by_role("link").get_attribute("href")
    assert href is not None
    assert page.request.get(href).json()["id"] == "d1-2010-W30"


def test_panel__says_why_what_changed_and_when_in_the_words_of_the_list(
    browser: Browser, told_town: str
) -> None:
    page = new_page(browser)
    page.goto(f"{told_town}#lang=en&hotspot=hs-a")
    panel = page.locator(".panel")
    for text in (
        "Confirmed: 12 events where 0.7 were expected. p = 0.001",
        "Spread over 5 addresses.",
        "From rank 2 to rank 1.",
        "Mostly Friday and Saturday between 22:00 and 1:00 (41%).",
        "The police found most of it themselves",
    ):
        expect(panel).to_contain_text(text)
    page.get_by_role("button", name="NL, Nederlands").click()
    for text in (
        "Verspreid over 5 adressen.",
        "Van plaats 2 naar plaats 1.",
        "Het gaat om kleine aantallen.",
    ):
        expect(panel).to_contain_text(text)
    page.context.close()


def test_list__says_between_which_ranks_and_what_moved(browser: Browser, told_town: str) -> None:
    page = new_page(browser)
    page.goto(f"{told_town}#lang=en")
    rows = page.locator(".row")
    expect(rows.nth(0).locator(".row-rank")).to_have_text("between rank 1 and 3 (90%)")
    expect(rows.nth(1).locator(".row-rank")).to_have_text("not enough data for a firm rank")
    expect(rows.nth(0).locator(".moved")).to_contain_text("up 1 place")
    expect(rows.nth(1).locator(".moved")).to_contain_text("back")
    page.context.close()


def test_weeks__keep_the_chosen_hotspot_which_keeps_its_id(browser: Browser, told_town: str) -> None:
    page = new_page(browser)
    page.goto(f"{told_town}#lang=en&hotspot=hs-a")
    panel, back = page.locator(".panel"), page.get_by_role("button", name="One week back")
    expect(panel).to_contain_text("12 events")
    back.click()
    expect(page).to_have_url(re.compile("week=2010-W29&hotspot=hs-a"))
    expect(panel.locator(".compare")).to_contain_text("10")
    expect(page.locator('.row[data-id="hs-a"]')).to_have_attribute("aria-pressed", "true")
    # The week before does not list it: the panel goes, the choice stays.
    back.click()
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="One week on").click()
    expect(panel).to_be_visible()
    page.context.close()


def test_panel__compares_a_chronic_hotspot_with_the_ring_around_it(opened: Callable[..., Page]) -> None:
    panel = opened("#lang=en&hotspot=b1").locator(".panel")
    expect(panel).to_contain_text("The ring around it led to expect 0.7.")
    expect(panel).to_contain_text("In the ring around it: 9 incidents.")
    expect(panel).to_contain_text("Chronic: all year more incidents than the surroundings explain.")
    expect(panel).to_contain_text("Hot line: along a street.")


def test_themes__filter_the_list_and_the_map(opened: Callable[..., Page]) -> None:
    x_m, y_m = CENTRE_M
    page = opened(f"#lang=en&{camera(x_m + 300, y_m)}")
    wait_for_colour(page, is_tinted(BURGLARY))
    page.get_by_role("combobox", name="Theme").select_option("drug_nuisance")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".badge").first).to_have_text("1")
    expect(page).to_have_url(re.compile("theme=drug_nuisance"))
    wait_for_colour(page, is_land)
    page.go_back()
    expect(page.locator(".row")).to_have_count(3)
    wait_for_colour(page, is_tinted(BURGLARY))


def test_weeks__go_back_and_on(opened: Callable[..., Page]) -> None:
    page = opened()
    expect(page.get_by_role("button", name="One week on")).to_be_disabled()
    page.get_by_role("button", name="One week back").click()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.get_by_role("combobox", name="Week", exact=True)).to_have_value("2010-W29")
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W29")
    expect(page).to_have_url(re.compile("week=2010-W29"))
    page.get_by_role("combobox", name="Week", exact=True).select_option("2010-W30")
    expect(page.locator(".row")).to_have_count(3)


def test_language__is_switched_and_remembered(browser: Browser, town: str) -> None:
    page = new_page(browser)
    page.goto(town)
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator(".row").nth(1)).to_contain_text("12 incidenten, verwacht 0,7")
    page.get_by_role("button", name="EN, English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".row").nth(1)).to_contain_text("12 incidents, 0.7 expected")
    expect(page).to_have_title("Hotspots by week \u00b7 Maastricht")
    expect(page).to_have_url(re.compile("lang=en"))
    page.goto(f"{town}v1")
    page.goto(town)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.context.close()


def test_page__is_used_by_keyboard_alone(opened: Callable[..., Page]) -> None:
    page = opened()
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


def test_address__restores_the_view(opened: Callable[..., Page]) -> None:
    page = opened("#week=2010-W30&theme=drug_nuisance&hotspot=d2&lang=nl")
    expect(page.get_by_role("combobox", name="Thema")).to_have_value("drug_nuisance")
    expect(page.locator(".panel .badge")).to_have_text("2")
    unknown = opened("#week=1999-W01&theme=none&hotspot=none&lang=en")
    expect(unknown.locator(".notice")).to_contain_text("1999-W01 is not published")
    expect(unknown.locator(".row")).to_have_count(3)


@pytest.mark.parametrize("width_px", [360, 820])
def test_page__fits_narrow_screens(browser: Browser, town: str, width_px: int) -> None:
    page = new_page(browser, width_px=width_px, height_px=740)
    page.goto(f"{town}#lang=en")
    page.wait_for_selector(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") == width_px
    page.locator(".row").first.click()
    expect(page.locator(".panel")).to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".panel")).to_be_hidden()
    page.context.close()


def test_page__says_what_to_do_when_the_service_fails(browser: Browser, town: str) -> None:
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/v1/weeks", lambda route: route.abort())
    page.goto(town)
    expect(page.locator(".notice")).to_contain_text("The service does not answer")
    page.unroute("**/v1/weeks")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator(".notice")).to_be_hidden()
    page.close()


def test_page__says_that_nothing_is_published(browser: Browser, nothing: str) -> None:
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(nothing)
    expect(page.locator(".notice")).to_be_visible()
    page.close()


def test_page__works_under_a_policy_without_exceptions(browser: Browser, town: str) -> None:
    page = browser.new_page()
    response = page.goto(town)
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    page.close()
