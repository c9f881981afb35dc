"""The list: what is in it, in which order and in which words; and the legend, which says the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import picked, screen, wait_until_still
from tests.api.map.story import PLACES_M
from tests.browser import DRAWN

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = pytest.mark.browser

LONG_LIST = Path(__file__).parent / "long_list.js"


def test_page__shows_the_list_by_theme_and_rank_with_empty_lists_as_results(visit: Visits) -> None:
    page = visit(at="town")
    expect(page.locator(".results strong")).to_have_text("3 hotspots")
    expect(page.locator(".ranking-theme")).to_have_text(
        [re.compile(x) for x in ("^ABurg", "^BDrug", "^CNuis")]
    )
    assert [row.get_attribute("data-id") for row in page.locator(".row").all()] == ["b1", "d1", "d2"]
    expect(page.locator('.row[data-id="d1"]')).to_contain_text("12 incidents, 0.7 expected")
    expect(page.locator(".empty-unsure")).to_contain_text("3 incidents where 50 are needed")
    expect(page.locator(".map-warning")).to_be_visible()
    expect(page.locator(".map-credit")).to_have_text("Boundaries: drawn for a test, 2024")


def test_list__groups_by_kind_and_says_how_sure_in_words(visit: Visits) -> None:
    page = visit(at="town")
    expect(page.locator(".results")).to_contain_text("2 confirmed, 1 likely")
    expect(page.locator(".ranking-kind")).to_have_text(["Chronic: all year", "Acute: the last weeks"])
    expect(page.locator(".ranking-none")).to_have_text("No acute hotspots this week.")
    # That a hotspot is confirmed goes without saying: what is not is lighter, dashed, and says so.
    assert [row.locator(".fact-likely").count() for row in page.locator(".row").all()] == [0, 0, 1]
    expect(page.locator(".row-likely .badge-likely")).to_have_css("border-style", "dashed")
    page = visit(960, 600, "nl", "theme=drug_nuisance", at="town")
    expect(page.locator(".results")).to_contain_text("1 bevestigd, 1 waarschijnlijk")
    expect(page.locator(".ranking-kind")).to_have_text("Acuut: de laatste weken")


def test_legend__states_the_error_rate_of_each_grade(visit: Visits) -> None:
    for language, rates in {
        "en": ["at most 5% show any", "at most 1 in 10 is expected to be false"],
        "nl": ["hooguit 5\u00a0% er toch een", "hooguit 1 op de 10 vals"],
    }.items():
        page = visit(960, 600, language, at="town")
        # The legend is folded on a screen of this size; there, the end of the list says the same.
        for place in (".legend-grade", ".sure p"):
            expect(page.locator(place)).to_contain_text(rates)
        expect(page.locator(".sure")).to_be_visible()


def test_list__scrolls_within_its_own_space(visit: Visits) -> None:
    page = visit(at="town")
    expect(page.locator(".foot")).to_be_in_viewport(ratio=1)
    last = page.locator(".empty").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(page.locator(".top")).to_be_in_viewport(ratio=1)


def test_list__says_between_which_ranks_and_what_moved(visit: Visits) -> None:
    page = visit(at="told_town")
    rows = page.locator(".row")
    expect(rows.nth(0).locator(".row-rank .unseen")).to_have_text("between rank 1 and 3 (90%)")
    expect(rows.nth(0).locator(".interval-text")).to_have_text("1\u20133")
    expect(rows.nth(1).locator(".row-rank .unseen")).to_have_text("not enough data for a firm rank")
    expect(rows.nth(0).locator(".moved")).to_contain_text("up 1 place")
    expect(rows.nth(1).locator(".moved")).to_contain_text("back")


def test_list__draws_how_uncertain_a_rank_is(visit: Visits) -> None:
    page = visit(at="told_town")
    span, track = (
        page.locator(".row").nth(0).locator(one).bounding_box()
        for one in (".interval-span", ".interval-track")
    )
    assert span is not None
    assert track is not None
    assert span["width"] > track["width"] * 0.9
    unsure = page.locator(".row").nth(1).locator(".row-rank")
    expect(unsure).to_have_class(re.compile("row-rank-unsure"))


def test_list__says_what_it_has_been_doing_and_when_to_be_there(visit: Visits) -> None:
    page = visit(view="week=2010-W30")
    facts = page.locator('.row[data-id="hs-a"] .row-facts')
    expect(facts).to_contain_text("sporadic")
    expect(facts.locator(".fact-peak")).to_have_text(re.compile(r"\d{1,2}:00\u2013\d{1,2}:00$"))
    page = visit(960, 600, "nl", "week=2010-W30")
    expect(page.locator('.row[data-id="hs-a"] .row-facts')).to_contain_text("af en toe")


def test_list__and_map_are_one(visit: Visits) -> None:
    page = visit(view="week=2010-W30")
    row = page.locator('.row[data-id="hs-a"]')
    row.hover()
    expect(row).to_have_class(re.compile(r"\blit\b"))
    x_px, y_px = screen(page, *PLACES_M["hs-n"])
    page.mouse.move(x_px, y_px)
    expect(page.locator('.row[data-id="hs-n"]')).to_have_class(re.compile(r"\blit\b"))
    expect(row).not_to_have_class(re.compile(r"\blit\b"))
    row.click()
    expect(page.locator(".panel")).to_be_visible()
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("hotspot=hs-a"))
    wait_until_still(page)
    assert [one.name for one in picked(page, *PLACES_M["hs-a"])][:1] == ["hs-a"]


def test_list__keeps_a_row_where_it_stays_and_its_focus(visit: Visits) -> None:
    page = visit(view="week=2010-W26")
    row = page.locator('.row[data-id="hs-a"]')
    row.focus()
    row.evaluate("made => { made.was = true; }")
    page.evaluate("location.hash = 'week=2010-W25&lang=en'")
    expect(page.locator(DRAWN)).to_have_attribute("data-drawn", "2010-W25")
    expect(row).to_be_focused()
    assert row.evaluate("made => made.was")


def test_list__that_is_long_is_in_order_to_its_last_row(visit: Visits) -> None:
    page = visit(fresh=True)
    page.evaluate(LONG_LIST.read_text(), page.url.split("#")[0])
    rows = page.locator(".row")
    some = [f"h{number}" for number in range(170)]
    for ids in (some, ["new", *some], some[::-1], some[5:90], [*some[60:], *some[:20]], some[:3]):
        focused = page.evaluate(
            "() => (document.querySelectorAll('.row')[9]?.focus(), document.activeElement.dataset.id)"
        )
        page.evaluate("ids => longList(ids)", ids)
        first = rows.evaluate_all("made => made.slice(0, 40).map((row) => row.dataset.id)")
        assert first == ids[:40], "what is read first is there at once"
        expect(rows).to_have_count(len(ids))
        page.wait_for_function(
            "ids => [...document.querySelectorAll('.row')].every((row, at) => row.dataset.id === ids[at])",
            arg=ids,
        )
        if focused in ids:
            expect(page.locator(f'.row[data-id="{focused}"]')).to_be_focused()
        # As tall as what is in it: nothing blank below, and every row can be scrolled to.
        rows.last.scroll_into_view_if_needed()
        expect(rows.last).to_be_in_viewport()
        assert page.locator(".ranking-sheet").count() == -(-len(ids) // 10)
    expect(page.get_by_role("list", name="").filter(has=rows).get_by_role("listitem")).to_have_count(3)


def test_list__of_a_week_without_hotspots_is_a_result(visit: Visits) -> None:
    page = visit(view="week=2010-W29")
    expect(page.locator(".results strong")).to_have_text("No hotspots")
    expect(page.locator(".empty").first).to_contain_text("That is a result")
    expect(page.locator(".ranking-instead")).to_be_hidden()
    page = visit(view="week=2010-W28")
    expect(page.locator(".empty-unsure").first).to_contain_text("Not enough data")
