"""The panel of a chosen hotspot: why, what changed, how often, when, how sure; what is drawn is measured."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator, Page, Route

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DETAIL = re.compile(r"/v1/hotspots/[^/]+$")
"""Address of a hotspot's evidence."""

LEAST_TARGET_PX = 24
"""What is pressed has at least these sides (WCAG 2.5.8)."""


def box(found: Locator) -> FloatRect:
    """Where something is drawn, in pixels of the screen."""
    found.scroll_into_view_if_needed()
    drawn = found.bounding_box()
    assert drawn is not None
    return drawn


def painted(found: Locator, what: str = "fill") -> str:
    """Tell the colour of something as the browser draws it."""
    return str(found.evaluate("(one, what) => getComputedStyle(one)[what]", what))


def changed(route: Route, **evidence: Any) -> None:  # noqa: ANN401 - JSON
    """Answer as the service does, but for some of the evidence."""
    answer = route.fetch()
    told = answer.json()
    told["evidence"] |= evidence
    route.fulfill(response=answer, body=json.dumps(told))


def test_panel__says_why_in_its_own_words_where_an_early_edition_has_none(visit: Visits) -> None:
    panel = visit(960, 600, "en", "hotspot=d1", at="town").locator(".panel")
    expect(panel.locator("h2")).to_have_text("Wyck")
    for text in (
        "17\u00d7 as many as expected",
        "at most once in 1,000 weekly lists of this theme.",
        "p = 0.001",
        "Spread over 5 places",
        "Céramique25%",
        "Dealing8",
        "Confirmed: of the weeks without hotspots, at most 5% show any, per theme and kind.",
        "Hot area: spread over an area.",
        "This list was made before counts by week",
    ):
        expect(panel).to_contain_text(text)


def test_panel__says_why_what_changed_and_when_in_the_words_of_the_list(visit: Visits) -> None:
    page = visit(view="hotspot=hs-a", at="told_town")
    panel = page.locator(".panel")
    why = panel.locator(".panel-why li")
    expect(why).to_have_text(["Confirmed: 12 events where 0.7 were expected.", "Spread over 5 addresses."])
    for text in (
        "From rank 2 to rank 1.",
        "Mostly Friday and Saturday between 22:00 and 1:00 (41%).",
        "The police found most of it themselves",
        "4 reported by citizens, 8 found by the police",
        "by chance once in 19 years",
        "95% sure: 8.1\u00d7 to 30\u00d7",
        "1 incident is left out: its time is too uncertain.",
    ):
        expect(panel).to_contain_text(text)
    page.get_by_role("button", name="NL, Nederlands").click()
    for text in (
        "Verspreid over 5 adressen.",
        "Van plaats 2 naar plaats 1.",
        "Het gaat om kleine aantallen.",
        "4 gemeld door burgers, 8 gevonden door de politie",
        "95\u00a0% zeker: 8,1\u00d7 tot 30\u00d7",
    ):
        expect(panel).to_contain_text(text)


def test_panel__compares_a_chronic_hotspot_with_the_ring_around_it(visit: Visits) -> None:
    panel = visit(960, 600, "en", "hotspot=b1", at="town").locator(".panel")
    expect(panel).to_contain_text("The ring around it led to expect 0.7.")
    expect(panel).to_contain_text("In the ring around it: 9 incidents.")
    expect(panel).to_contain_text("Chronic: all year more incidents than the surroundings explain.")
    expect(panel).to_contain_text("Hot line: along a street.")


def test_panel__shows_what_the_list_knows_while_the_evidence_is_on_its_way(visit: Visits) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = visit(view="hotspot=hs-a", drawn=False, before=lambda page: page.route(DETAIL, hold))
    panel = page.locator(".panel")
    expect(panel.locator(".panel-status")).to_have_text("Fetching the evidence…")
    expect(panel.locator(".compare")).to_contain_text("Counted12")
    expect(panel.locator(".spark")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(panel.locator(".spark")).to_have_count(2)
    expect(panel.locator(".panel-status")).to_have_text("")
    asked = [one for one in visit.requests(page) if "/hotspots/hs-a" in one and not one.endswith("/notes")]
    assert asked == ["v1/hotspots/hs-a-2010-W30"]


def test_panel__offers_to_try_again_where_the_evidence_does_not_come(visit: Visits) -> None:
    visit.allow("Failed to load resource|ERR_FAILED")
    page = visit(
        view="hotspot=hs-a",
        drawn=False,
        before=lambda page: page.route(DETAIL, lambda route: route.abort(), times=1),
    )
    panel = page.locator(".panel")
    expect(panel).to_contain_text("The evidence could not be fetched.")
    panel.get_by_role("button", name="Try again").first.click()
    expect(panel.locator(".spark")).to_have_count(2)
    expect(panel.locator("h2")).to_be_focused()


def test_panel__asks_once_for_what_it_has_been_told(visit: Visits) -> None:
    page = visit(view="hotspot=hs-a&week=2010-W26", fresh=True, drawn=False)
    expect(page.locator(".panel .spark")).to_have_count(2)
    page.locator('.row[data-id="hs-s"]').click()
    expect(page.locator(".panel .spark")).to_have_count(2)
    page.locator('.row[data-id="hs-a"]').click()
    expect(page.locator(".panel .spark")).to_have_count(2)
    asked = [one for one in visit.requests(page) if re.search(r"hotspots/hs-\w-2010", one)]
    assert asked == ["v1/hotspots/hs-a-2010-W26", "v1/hotspots/hs-s-2010-W26"]


def test_bars__are_as_long_as_what_they_say_and_the_interval_lies_around_the_ratio(visit: Visits) -> None:
    panel = visit(1440, 900, view="hotspot=hs-a").locator(".panel")
    tracks = [box(one)["width"] for one in panel.locator(".compare-track").all()]
    bars = [box(one)["width"] for one in panel.locator(".compare-bar").all()]
    assert bars[0] == pytest.approx(tracks[0], abs=1)
    assert bars[1] == pytest.approx(tracks[1] * 0.7 / 12, abs=1)
    reach, point = box(panel.locator(".whisker-reach").first), box(panel.locator(".compare .whisker-point"))
    usual = box(panel.locator(".whisker-usual"))
    assert usual["x"] < reach["x"] < point["x"] + point["width"] / 2 < reach["x"] + reach["width"]
    expect(panel.locator(".compare-said")).to_contain_text("between 8.1\u00d7 and 30\u00d7")


def test_sparkline__draws_each_week_and_marks_those_in_the_list_by_shape(visit: Visits) -> None:
    page = visit(1440, 900, view="hotspot=hs-a&week=2010-W30")
    chart = page.locator(".panel .spark").first
    bars = chart.locator(".spark-bar")
    expect(bars).to_have_count(52)
    heights = [float(one.get_attribute("height") or 0) for one in bars.all()]
    assert heights[:40] == [0.0] * 40
    assert min(heights[40:]) > 0
    drawn = [box(bars.nth(place)) for place in (40, 51)]
    assert drawn[0]["height"] == pytest.approx(drawn[1]["height"], abs=0.5)
    assert drawn[0]["y"] + drawn[0]["height"] == pytest.approx(drawn[1]["y"] + drawn[1]["height"], abs=0.5)
    # Four weeks of 2010 list it: W25, W26, W27 and W30.
    expect(chart.locator("svg.spark-drawing polygon.sign-listed")).to_have_count(4)
    # The weeks of the window have the colour of the theme and lie on a shade; the others have neither.
    assert painted(bars.nth(50)) != painted(bars.nth(42))
    shade = box(chart.locator(".spark-drawing .spark-window"))
    assert shade["x"] <= box(bars.nth(48))["x"] < shade["x"] + shade["width"]
    assert box(bars.nth(47))["x"] < shade["x"]


def test_sparkline__says_the_week_that_is_pointed_at_or_walked_to(visit: Visits) -> None:
    page = visit(1440, 900, view="hotspot=hs-a&week=2010-W30")
    chart = page.locator(".panel .spark").first
    handle, readout = chart.get_by_role("slider"), chart.locator(".spark-readout")
    expect(readout).to_contain_text("Week 30, 26 Jul \u2013 1 Aug 2010: 2 incidents, in the list")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(readout).to_contain_text("Week 29")
    expect(handle).to_have_attribute("aria-valuetext", re.compile("^Week 29, .*: 2 incidents$"))
    at = box(chart.locator(".spark-reach").nth(40))
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + 30)
    expect(readout).to_contain_text("Week 19,")
    expect(chart.locator("table tbody tr")).to_have_count(52)
    chart.locator("summary").click()
    expect(chart.get_by_role("rowheader", name="week 30, 2010")).to_be_visible()


def test_hours__are_darker_the_more_and_the_peak_is_outlined(visit: Visits) -> None:
    hours = [[0.0] * 24 for _ in range(7)]
    hours[4][22], hours[5][0], hours[0][3] = 5.0, 3.0, 1.0
    times = {
        "incidents": 9,
        "left_out": 2,
        "hours": hours,
        "p_value": 0.01,
        "is_pattern": True,
        "peak": {"weekdays": [5], "start_hour": 22, "hours": 3, "share": 0.8},
        "said": {"nl": "Vrijdagnacht.", "en": "Friday night."},
    }
    page = visit(
        1440,
        900,
        view="hotspot=hs-a",
        drawn=False,
        before=lambda page: page.route(DETAIL, lambda route: changed(route, hot_times=times)),
    )
    grid = page.locator(".hours-grid")
    expect(grid.locator("tbody tr")).to_have_count(7)
    cells = grid.locator("td.hour")
    expect(cells).to_have_count(168)
    paints = [painted(cells.nth(place), "backgroundColor") for place in (0, 3, 5 * 24, 4 * 24 + 22)]
    light = [sum(int(part) for part in re.findall(r"\d+", paint)[:3]) for paint in paints]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == 4
    # Friday 22:00 to Saturday 1:00: three cells, closed on the outside.
    expect(grid.locator("td.peak")).to_have_count(3)
    outline = cells.nth(4 * 24 + 22).evaluate("(one) => getComputedStyle(one, '::after').borderLeftWidth")
    assert outline == "2px"
    expect(page.locator(".hours")).to_contain_text("2 incidents are left out")
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    expect(cells.nth(24 + 23)).to_be_focused()
    expect(page.locator(".hours-readout")).to_have_text("Tuesday 23:00\u201300:00: 0")
    cells.nth(4 * 24 + 22).hover()
    expect(page.locator(".hours-readout")).to_have_text("Friday 22:00\u201323:00: 5")


def test_hours__without_a_pattern_say_so_and_outline_nothing(visit: Visits) -> None:
    times = {
        "incidents": 9,
        "left_out": 0,
        "hours": [[0.5] * 24] * 7,
        "p_value": 0.4,
        "is_pattern": False,
        "peak": {"weekdays": None, "start_hour": 3, "hours": 3, "share": 0.2},
        "said": {"nl": "Geen duidelijk patroon in de tijd.", "en": "No clear pattern in time."},
    }
    page = visit(
        view="hotspot=hs-a",
        drawn=False,
        before=lambda page: page.route(DETAIL, lambda route: changed(route, hot_times=times)),
    )
    expect(page.locator(".hours")).to_contain_text("No clear pattern in time.")
    expect(page.locator(".hours td.peak")).to_have_count(0)


def test_lifecycle__shows_the_steps_that_it_rests_on(visit: Visits) -> None:
    page = visit(1440, 900, view="hotspot=hs-a&week=2010-W26")
    panel = page.locator(".panel")
    steps = panel.locator(".spark").nth(1)
    expect(steps.locator(".spark-bar")).to_have_count(13)
    expect(steps.locator(".spark-drawing polygon.sign-hot")).to_have_count(1)
    expect(steps.locator(".spark-drawing .spark-expected")).to_have_count(13)
    expect(steps.locator(".spark-readout")).to_contain_text("12 incidents, 0.7 expected, strikingly busy")
    expect(panel).to_contain_text("strikingly busy of late, without a break")
    expect(panel).to_contain_text("Rising over the year, beyond chance.")


def test_changes__are_told_against_both_weeks_with_the_way_that_the_place_moved(visit: Visits) -> None:
    def then(route: Route) -> None:
        usual = {"rank": 3, "observed": 9, "expected": 0.5, "area_m2": 20000.0, "peak_start_hour": None}
        week = usual | {"weeks_ago": 1, "shift_m": 0.4, "shift_bearing_deg": 10.0, "peak_hours": None}
        month = usual | {"weeks_ago": 4, "shift_m": 148.0, "shift_bearing_deg": 88.0, "peak_hours": None}
        changed(route, changes=[week, month])

    page = visit(view="hotspot=hs-a", drawn=False, before=lambda page: page.route(DETAIL, then))
    table = page.locator(".changes")
    expect(table.get_by_role("columnheader")).to_have_text(["Now", "Last week", "4 weeks ago"])
    expect(table.get_by_role("row", name="Rank")).to_contain_text("13 ▲3 ▲")
    expect(table.get_by_role("row", name="Moved since")).to_contain_text("not moved150\u00a0m east")


def test_history__leads_to_the_week_and_its_own_evidence(visit: Visits) -> None:
    page = visit(view="hotspot=hs-a&week=2010-W30")
    panel = page.locator(".panel")
    expect(panel.locator(".history li")).to_have_count(4)
    expect(panel.locator(".history a[aria-current]")).to_have_text("week 30, 2010")
    panel.get_by_role("link", name="week 26, 2010").click()
    expect(page).to_have_url(re.compile("week=2010-W26"))
    expect(panel.locator(".compare dd").first).to_have_text("15")
    expect(panel.locator(".history a[aria-current]")).to_have_text("week 26, 2010")


def test_nearby__opens_the_other_hotspot(visit: Visits) -> None:
    near = [{"id": "hs-n", "distance_m": 128.0, "theme": "drug_nuisance"}]
    page = visit(
        view="hotspot=hs-a&week=2010-W30&theme=burglary",
        drawn=False,
        before=lambda page: page.route(
            re.compile("hotspots/hs-a-"), lambda route: changed(route, nearby=near)
        ),
    )
    panel = page.locator(".panel")
    expect(panel).to_contain_text("130 m away")
    panel.get_by_role("button", name="Céramique").click()
    expect(page).to_have_url(re.compile("hotspot=hs-n"))
    expect(panel.locator("h2")).to_have_text("Céramique")
    expect(panel.locator("h2")).to_be_focused()


def test_files__are_what_they_say(visit: Visits) -> None:
    page = visit(view="hotspot=hs-a&week=2010-W26")
    kinds = {
        "Briefing of this neighbourhood (PDF)": "application/pdf",
        "This week (GeoJSON)": "application/geo+json",
        "All weeks (GeoJSON)": "application/geo+json",
        "History (JSON)": "application/json",
    }
    for name, kind in kinds.items():
        href = page.locator(".panel").get_by_role("link", name=name).get_attribute("href")
        assert href is not None
        answer = page.request.get(href)
        assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, kind), name


def test_panel__gives_the_focus_back_when_it_is_closed(visit: Visits) -> None:
    page = visit(view="week=2010-W30")
    page.locator('.row[data-id="hs-a"]').click()
    expect(page.locator(".panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator('.row[data-id="hs-a"]')).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close").click()
    expect(page.locator('.row[data-id="hs-a"]')).to_be_focused()


def narrow_targets(page: Page) -> list[str]:
    """Name what can be pressed and is too small for a finger; links within text are as high as their line."""
    told: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll('.panel button, .panel a, .panel summary, .panel input')]
            .filter((one) => one.checkVisibility())
            .map((one) => [one, (one.closest('label') ?? one).getBoundingClientRect()])
            .filter(([, {width, height}]) => width > 0 && (width < least || height < least - 0.5))
            .map(([one, {width, height}]) => `${one.textContent} ${width}x${height}`)""",
        LEAST_TARGET_PX,
    )
    return told


@pytest.mark.parametrize(
    ("width", "height", "language"), [(1440, 900, "nl"), (820, 1180, "en"), (360, 740, "nl")]
)
def test_panel__fits_every_screen(visit: Visits, width: int, height: int, language: str) -> None:
    page = visit(width, height, language, "hotspot=hs-a&week=2010-W30")
    panel = page.locator(".panel")
    expect(panel.locator(".spark")).to_have_count(2)
    drawn = panel.bounding_box()
    assert drawn is not None
    assert drawn["x"] >= 0
    assert drawn["x"] + drawn["width"] <= width
    assert drawn["y"] + drawn["height"] <= height + 1
    if width == 1440:
        assert drawn["width"] == pytest.approx(380, abs=1)
    else:
        # A sheet over the lower part: what it is about stays in sight above it.
        assert height * 0.3 < drawn["y"]
    inner = panel.evaluate(
        "(one) => [one.scrollWidth, one.clientWidth, document.documentElement.scrollWidth]"
    )
    assert inner[0] <= inner[1]
    assert inner[2] == width
    assert narrow_targets(page) == []
    # The way out stays in reach however far one has read.
    panel.evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
    expect(panel.locator(".panel-close")).to_be_in_viewport()
    panel.locator(".panel-close").click()
    expect(panel).to_be_hidden()


def test_panel__tells_everybody_what_is_open_and_says_that_there_is_more(visit: Visits) -> None:
    page = visit(view="week=2025-W10", at="controlled")
    if page.locator(".row").count() == 0:
        pytest.skip("nothing of this town may be told to everybody")
    page.locator(".row").first.click()
    panel = page.locator(".panel")
    expect(panel).to_contain_text("are not told at your level")
    expect(panel).to_contain_text("Notes are for those who work with the list.")
    assert [one for one in visit.requests(page) if one.endswith("/notes")] == []
