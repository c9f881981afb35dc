"""Notes in the panel: read with their age, written once, and never lost while they are typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.api.map.story import DONE, SAID

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTES = re.compile(r"/v1/hotspots/[^/]+/notes$")


def begun(page: Page, text: str = "") -> None:
    """Unfold the form, and write."""
    expect(page.locator(".note-fold")).to_have_count(1)
    if page.locator(".note-fold[open]").count() == 0:
        page.locator(".note-fold summary").click()
    if text:
        page.get_by_label("In your words").fill(text)


def kept(page: Page, hotspot: str) -> list[dict[str, Any]]:
    """Ask the service for the notes."""
    base = page.url.split("#", maxsplit=1)[0]
    notes: list[dict[str, Any]] = page.request.get(f"{base}v1/hotspots/{hotspot}/notes").json()["notes"]
    return notes


def test_notes__are_told_with_who_when_and_how_long_an_action_is_open(visit: Visits) -> None:
    notes = visit(view="hotspot=hs-a").locator(".notes")
    expect(notes).to_contain_text(SAID)
    expect(notes).to_contain_text(DONE)
    expect(notes).to_contain_text("changes no count and no rank")
    expect(notes.locator(".notes-open")).to_contain_text(
        re.compile(r"Open action: [\d,]+ days; [\d,]+ days late")
    )
    assert notes.locator(".notes-late").evaluate("(one) => getComputedStyle(one).borderLeftWidth") == "3px"
    expect(notes.locator(".notes-list li").first.locator("time")).to_have_attribute(
        "datetime", re.compile("20")
    )


def test_note__that_is_not_right_is_not_sent_and_says_why(visit: Visits) -> None:
    page = visit(view="hotspot=hs-c")
    before = len(kept(page, "hs-c"))
    begun(page)
    page.get_by_role("button", name="Save", exact=True).click()
    text = page.get_by_label("In your words")
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".note-status")).to_have_text("One field is not right yet.")
    page.get_by_label("There is an action to it").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".note-status")).to_have_text("2 fields are not right yet.")
    expect(page.get_by_label("What is done?")).to_be_focused()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".note-fold summary")).to_be_focused()
    assert len(kept(page, "hs-c")) == before


def test_note__is_kept_while_it_is_typed_and_gone_once_it_is_sent(visit: Visits) -> None:
    page = visit(view="hotspot=hs-n&week=2010-W30", fresh=True, drawn=False)
    ranked = page.request.get(page.url.split("#", maxsplit=1)[0] + "v1/rankings/2010-W30").text()
    begun(page, "Lights are broken")
    page.get_by_label("Yes, we recognise").check()
    page.keyboard.press("Escape")
    page.locator('.row[data-id="hs-a"]').click()
    expect(page.get_by_label("In your words")).to_have_value("")
    page.locator('.row[data-id="hs-n"]').click()
    expect(page.get_by_label("In your words")).to_have_value("Lights are broken")
    page.get_by_role("button", name="NL, Nederlands").click()
    expect(page.get_by_label("In uw woorden")).to_have_value("Lights are broken")
    page.reload()
    expect(page.get_by_label("In uw woorden")).to_have_value("Lights are broken")
    expect(page.locator(".note-kept")).to_contain_text("nog niet bewaard")
    expect(page.get_by_label("Ja, dit herkennen")).to_be_checked()
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator(".notes-list")).to_contain_text("Lights are broken")
    expect(page.locator(".notes-saved")).to_contain_text("Bewaard")
    assert page.evaluate("sessionStorage.getItem('hotspot.note.hs-n')") is None
    assert [(one["verdict"], one["text"]) for one in kept(page, "hs-n")] == [
        ("confirmed", "Lights are broken")
    ]
    # Nothing that is typed changes a count.
    assert page.request.get(page.url.split("#", maxsplit=1)[0] + "v1/rankings/2010-W30").text() == ranked


def test_note__is_sent_once_however_often_the_button_is_pressed(visit: Visits) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page = visit(view="hotspot=hs-c", drawn=False, before=lambda page: page.route(NOTES, hold))
    before = len(kept(page, "hs-c"))
    begun(page, "Pressed twice")
    page.locator(".note-save").evaluate("(one) => { one.click(); one.click(); }")
    expect(page.locator(".note-status")).to_have_text("Saving…")
    expect(page.get_by_label("In your words")).to_be_disabled()
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator(".notes-saved")).to_contain_text("Saved.")
    assert len(kept(page, "hs-c")) == before + 1


def test_note__that_arrived_though_nothing_was_heard_of_it_is_not_sent_again(visit: Visits) -> None:
    visit.allow("Failed to load resource|ERR_FAILED")
    broken: list[bool] = []

    def cut(route: Route) -> None:
        if route.request.method == "POST" and not broken:
            broken.append(True)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page = visit(view="hotspot=hs-c", drawn=False, before=lambda page: page.route(NOTES, cut))
    before = len(kept(page, "hs-c"))
    begun(page, "The line broke")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".note-status")).to_contain_text("The service does not answer.")
    expect(page.get_by_label("In your words")).to_have_value("The line broke")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notes-saved")).to_contain_text("Saved.")
    assert [one["text"] for one in kept(page, "hs-c")[before:]] == ["The line broke"]


def test_note__stays_where_it_was_typed_when_the_service_refuses_it(visit: Visits) -> None:
    visit.allow("Failed to load resource")

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            problem = '{"title": "Bad Request", "status": 400, "detail": "status must not go back"}'
            route.fulfill(status=400, content_type="application/problem+json", body=problem)
        else:
            route.continue_()

    page = visit(view="hotspot=hs-c", drawn=False, before=lambda page: page.route(NOTES, refuse))
    begun(page, "Seen on Friday")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".note-status")).to_contain_text("Not saved: status must not go back.")
    expect(page.get_by_label("In your words")).to_have_value("Seen on Friday")
    expect(page.get_by_label("In your words")).to_be_enabled()
