"""axe-core finds no violation of WCAG 2.2 AA, nor of good practice, in any state of the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.api.map.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SIZES = {1440: 900, 820: 1180, 360: 740}
RUN = """async (tags) => {
    const { violations } = await axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => [id, target.join(' '), failureSummary].join(': ')));
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which npm installs; where CI is set it must be there."""
    if not SOURCE.is_file():
        missing = "axe-core is not installed: make check, or npm install in tests/web"
        if os.environ.get("CI"):
            pytest.fail(f"CI needs axe-core: {missing}")
        pytest.skip(missing)
    return SOURCE.read_text(encoding="utf-8")


def violations(page: Page, axe: str, state: str) -> list[str]:
    """What axe finds on the page as it is; it is told past the policy, as no script of another could be."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(axe)
    # Nothing that fades in may be measured half way.
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))")
    return [f"{state}: {one}" for one in page.evaluate(RUN, list(TAGS))]


def _open_filters(page: Page) -> None:
    fold = page.locator(".filters-fold")
    if fold.is_visible() and fold.get_attribute("aria-expanded") == "false":
        fold.click()
    expect(page.locator(".filters-body")).to_be_visible()


def _open_help(page: Page) -> None:
    page.locator(".head-button").first.click()
    expect(page.locator("dialog.help")).to_be_visible()


def _open_tool(name: str) -> Callable[[Page], None]:
    def opens(page: Page) -> None:
        more = page.locator(".toolbar-more")
        if more.is_visible() and more.get_attribute("aria-expanded") != "true":
            more.click()
        page.locator(f".{name} .tool, .tool-place.{name} .tool").first.click()
        expect(page.locator(".flyout:visible").first).to_be_visible()

    return opens


def _nothing(page: Page) -> None:
    expect(page.locator("main")).to_be_visible()


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "overview": ("week=2010-W30", _nothing),
    "panel": ("week=2010-W30&hotspot=hs-a", lambda page: expect(page.locator(".panel")).to_be_visible()),
    "filtered": ("week=2010-W30&theme=burglary&changed=1", _open_filters),
    "layers": ("week=2010-W30&layers=rate,before", _open_tool("layers")),
    "compared by swipe": ("week=2010-W30&compare=2010-W27", _nothing),
    "compared side by side": ("week=2010-W30&compare=2010-W27&how=side", _nothing),
    "empty week": ("week=2010-W29", _nothing),
    "not enough data": ("week=2010-W28", _nothing),
    "unknown week": ("week=1999-W01", _nothing),
    "help": ("week=2010-W30", _open_help),
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width_px", SIZES)
def test_axe__finds_nothing_in_any_state(visit: Visits, axe: str, width_px: int, language: str) -> None:
    # The week that is not published is asked for.
    visit.allow("404")
    found: list[str] = []
    for state, (view, act) in STATES.items():
        page = visit(width_px, SIZES[width_px], language, view)
        act(page)
        found += violations(page, axe, state)
        page.keyboard.press("Escape")
    assert found == []


@pytest.mark.parametrize("width_px", SIZES)
def test_axe__finds_nothing_where_the_service_fails(visit: Visits, axe: str, width_px: int) -> None:
    visit.allow("Failed to load resource")
    page = visit(
        width_px,
        SIZES[width_px],
        drawn=False,
        before=lambda page: page.route("**/v1/**", lambda way: way.abort()),
    )
    expect(page.locator(".notice:visible")).to_be_visible()
    assert violations(page, axe, "error") == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width_px", SIZES)
def test_axe__finds_nothing_in_the_sign_in(visit: Visits, axe: str, width_px: int, language: str) -> None:
    page = visit(width_px, SIZES[width_px], language, at="controlled")
    found = violations(page, axe, "not signed in")
    page.locator(".session-button").first.click()
    expect(page.locator("dialog.signin")).to_be_visible()
    found += violations(page, axe, "sign-in")
    assert found == []
