"""The print view on A4."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.map.drawn import without_card

if TYPE_CHECKING:
    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAY_OUT = "window.dispatchEvent(new Event('beforeprint'))"
COLOURS = """async () => {
    const image = document.querySelector('.sheet-map img');
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), {width: 80, height: 60});
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, 80, 60);
    const {data} = context.getImageData(0, 0, 80, 60);
    return new Set(Array.from({length: 4800}, (_, at) => data.slice(4 * at, 4 * at + 3).join())).size;
}"""


def pages(pdf: bytes) -> int:
    """Count the pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            [
                "Week 30",
                "Filters: Drug nuisance",
                "Counted",
                "Internal level.",
                "Boundaries: drawn for a test",
            ],
        ),
        (
            "nl",
            ["Week 30", "Filters: Drugsoverlast", "Geteld", "Intern niveau.", "Grenzen: drawn for a test"],
        ),
    ],
)
def test_print__is_the_map_the_list_and_where_they_come_from(
    visit: Visits, language: str, texts: list[str]
) -> None:
    page = visit(960, 600, language, "week=2010-W30&theme=drug_nuisance", fresh=True)
    page.evaluate(LAY_OUT)
    sheet = page.locator(".sheet")
    for text in texts:
        expect(sheet).to_contain_text(text)
    assert len(sheet.locator("tbody tr").all()) == 3, "the theme, and its two hotspots"
    assert page.evaluate(COLOURS) > 5, "the map is not blank"
    page.emulate_media(media="print")
    expect(page.locator("main")).to_be_hidden()
    expect(sheet).to_be_visible()


def test_print__holds_the_hotspots_where_no_graphics_card_draws_them(visit: Visits) -> None:
    """Land comes from one canvas and hotspots from another."""
    view = "week=2010-W30&theme=drug_nuisance"
    page = visit(960, 600, "en", view, before=without_card)
    page.evaluate(LAY_OUT)
    both = page.evaluate(COLOURS)
    page.evaluate("document.querySelector('.map-sketch').remove()")
    page.evaluate(LAY_OUT)
    assert both > page.evaluate(COLOURS) > 1


def test_print__fits_one_sheet_of_paper(visit: Visits) -> None:
    page = visit(1440, 900, "en", "week=2010-W30", fresh=True)
    pdf = page.pdf(prefer_css_page_size=True)
    assert pages(pdf) in {1, 2}
    size = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert size is not None
    assert [round(float(side)) for side in size.groups()] == [595, 842]
    # Afterwards the page is as it was.
    expect(page.locator(".sheet")).to_have_count(0)
    expect(page.locator("main")).to_be_visible()
