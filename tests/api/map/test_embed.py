"""A link that shows the same view, and the map within another page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import DRUGS, map_picture, share_of

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits
    from tests.api.map.services import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_share__copies_a_link_to_the_same_view(visit: Visits, story: Service) -> None:
    page = visit(
        960, 600, "en", "week=2010-W27&theme=drug_nuisance", permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".flyout-said:visible")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{story.address}#week=2010-W27&theme=drug_nuisance&lang=en")
    # Nobody may show this service's page in a frame: no code is offered for it.
    expect(page.get_by_role("button", name="Copy the code")).to_be_hidden()


def test_share__without_a_clipboard_selects_the_link(visit: Visits) -> None:
    page = visit(
        820,
        1180,
        "nl",
        before=lambda page: page.add_init_script(
            "navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))"
        ),
    )
    page.get_by_role("button", name="Delen").click()
    page.get_by_role("button", name="Kopieer de link").click()
    expect(page.locator(".flyout-said:visible")).to_contain_text("druk op Ctrl+C")
    link = page.get_by_label("Link naar deze weergave")
    expect(link).to_be_focused()
    assert page.evaluate("document.activeElement.selectionEnd") == len(link.input_value())


@pytest.mark.parametrize("size", [(800, 600), (360, 480)])
def test_embed__is_the_map_alone_with_the_way_to_the_whole_page(
    visit: Visits, story: Service, size: tuple[int, int]
) -> None:
    page = visit(*size, "en", "week=2010-W27", query="?embed", fresh=True)
    assert share_of(map_picture(page), DRUGS) > 0
    for place in (".side", ".tools", ".timeline", ".panel"):
        expect(page.locator(place)).to_be_hidden()
    expect(page.locator(".embed-line")).to_contain_text("week 27")
    link = page.get_by_role("link", name="Open the whole page")
    expect(link).to_be_in_viewport(ratio=1)
    assert (link.get_attribute("href") or "").startswith(f"{story.address}#week=2010-W27")
