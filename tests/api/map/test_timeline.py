"""The time line: the choice of a week by slider, by name and by steps, and weeks that play."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import DRAWN

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_weeks__keep_the_chosen_hotspot_which_keeps_its_id(visit: Visits) -> None:
    page = visit(view="hotspot=hs-a", at="told_town")
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


def test_weeks__go_back_and_on(visit: Visits) -> None:
    page = visit(at="town")
    expect(page.get_by_role("button", name="One week on")).to_be_disabled()
    page.get_by_role("button", name="One week back").click()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.get_by_role("combobox", name="Week", exact=True)).to_have_value("2010-W29")
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W29")
    expect(page).to_have_url(re.compile("week=2010-W29"))
    page.get_by_role("combobox", name="Week", exact=True).select_option("2010-W30")
    expect(page.locator(".row")).to_have_count(3)


def test_slider__goes_through_the_weeks_by_keyboard(visit: Visits) -> None:
    page = visit(view="week=2010-W27")
    slider = page.get_by_role("slider", name="Choose a week")
    expect(slider).to_have_attribute(
        "aria-valuetext", re.compile(r"^Week 27, 5 \u2013 11 Jul 2010, 4 hotspots$")
    )
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("week=2010-W28"))
    slider.press("Home")
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W25")
    slider.press("End")
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W30")
    expect(page.get_by_role("combobox", name="Week", exact=True)).to_have_value("2010-W30")
    expect(page).to_have_title(re.compile("^Week 30 · "))


def test_week__is_said_to_those_who_do_not_see_it_change(visit: Visits) -> None:
    page = visit(view="week=2010-W27")
    page.get_by_role("button", name="One week back").click()
    expect(page.locator("main > .unseen[role=status]")).to_have_text("Week 26: 3 hotspots")


def test_play__shows_each_week_and_stops_at_the_end(visit: Visits) -> None:
    page = visit(view="week=2010-W28", reduced_motion="no-preference", fresh=True)
    steps = page.evaluate("history.length")
    page.get_by_role("button", name="Play the weeks").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W29")
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W30")
    expect(page.get_by_role("button", name="Play the weeks")).to_be_visible()
    # To play is no choice that one goes back from, week by week.
    assert page.evaluate("history.length") == steps


def test_play__is_stopped_by_whoever_chooses_a_week(visit: Visits) -> None:
    page = visit(view="week=2010-W25")
    page.get_by_role("button", name="Play the weeks").click()
    expect(page).to_have_url(re.compile("week=2010-W26"))
    page.get_by_role("combobox", name="Week", exact=True).select_option("2010-W30")
    expect(page.get_by_role("button", name="Play the weeks")).to_be_visible()
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W30")


def test_week__that_was_fetched_ahead_is_shown_without_a_request(visit: Visits) -> None:
    page = visit(view="week=2010-W30", fresh=True)
    page.wait_for_function(
        """() => performance.getEntriesByType('resource')
            .some((one) => one.name.includes('2010-W29/overview'))"""
    )
    before = [one for one in visit.requests(page) if "overview" in one]
    page.get_by_role("button", name="One week back").click()
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W29")
    asked = [one for one in visit.requests(page) if "2010-W29/overview" in one]
    assert len(asked) == 1
    assert len(before) == len(set(before))


def test_timeline__fits_a_phone(visit: Visits) -> None:
    page = visit(360, 740, view="week=2010-W30")
    for control in (page.get_by_role("slider"), page.get_by_role("combobox", name="Week", exact=True)):
        box = control.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["height"] >= 24
