"""The help, which explains every term in one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    ("language", "name", "terms"),
    [
        (
            "en",
            "Help",
            ("Hotspot", "Acute", "Likely", "Rank interval", "Hot line", "Hit rate", "oscillating"),
        ),
        (
            "nl",
            "Uitleg",
            ("Hotspot", "Acuut", "Waarschijnlijk", "Plaatsinterval", "Hot lijn", "Trefkans", "wisselend"),
        ),
    ],
)
def test_help__explains_each_term_in_one_sentence(
    visit: Visits, language: str, name: str, terms: tuple[str, ...]
) -> None:
    page = visit(960, 600, language, "week=2010-W30")
    opens = page.get_by_role("button", name=name, exact=True)
    opens.click()
    dialog = page.get_by_role("dialog", name=name)
    for term in terms:
        line = dialog.locator(".help-term").filter(has=page.locator("dt", has_text=re.compile(f"^{term}$")))
        expect(line.locator("dd")).to_have_text(re.compile(r"^[^.]{20,}\.$|.*1[.,]000.*\.$"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opens).to_be_focused()


def test_help__opens_at_the_term_that_was_asked_for(visit: Visits) -> None:
    page = visit(view="week=2010-W30")
    page.get_by_role("button", name="What does \u2018Lifecycle\u2019 mean?").click()
    expect(page.locator(".help-found")).to_have_count(1)
    expect(page.locator(".help-found")).to_be_in_viewport()
    expect(page.locator(".help-found dt")).to_have_text("Lifecycle")
    page.get_by_role("button", name="Close help").click()
    expect(page.locator("dialog.help")).to_be_hidden()


def test_help__fits_a_phone(visit: Visits) -> None:
    page = visit(360, 740, view="week=2010-W30")
    page.get_by_role("button", name="Help", exact=True).click()
    box = page.locator("dialog.help").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.keyboard.press("Escape")
