"""
The map page as its readers meet it: a real browser, a real service, stores of which everything is known.

One Chromium serves all tests of a worker, and a page that was opened is used again by the tests that ask
for the same service and size: to start drawing takes seconds without a graphics card. After each test
nothing may have been asked of another host, and nothing may have gone wrong on the page.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from hotspot.settings import Access
from tests.api.map.drawn import HOOK, camera_of, wait_until_still
from tests.api.map.services import Service, filled, served, write_lived
from tests.api.map.story import write_story
from tests.api.published import write_town
from tests.api.told import write_told
from tests.browser import DRAWN, PATIENCE_MS, Record, chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
KEPT_PAGES = 4
"""Pages that stay open; each of them holds a canvas and half a hundred MB."""

LOCALES = {"nl": "nl-NL", "en": "en-GB"}

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Opened:
    """A page, and what it did since it was last asked."""

    page: Page
    address: str
    record: Record = field(default_factory=Record)
    begins: str = ""
    """Where the page looks by itself, as the address says it."""

    def account(self, allowed: list[re.Pattern[str]]) -> None:
        """Say what went wrong, and begin anew."""
        record, self.record.requests, self.record.complaints = (
            Record(list(self.record.requests), list(self.record.complaints)),
            [],
            [],
        )
        ours = (self.address, "data:", f"blob:{self.address}")
        assert [url for url in record.requests if not url.startswith(ours)] == []
        told = [one for one in record.complaints if not any(known.search(one) for known in allowed)]
        assert told == []


class Windows:
    """The browser and the pages that are open in it."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._browser: Browser | None = None
        self._kept: dict[tuple[Any, ...], Opened] = {}

    @property
    def browser(self) -> Browser:
        if self._browser is None:
            self._browser = self._stack.enter_context(chromium())
        return self._browser

    def open(self, service: Service, key: tuple[Any, ...], *, keep: bool, **context: Any) -> Opened:  # noqa: ANN401 - of Playwright
        """Open a page, or take the one that is open."""
        if keep and key in self._kept and not self._kept[key].page.is_closed():
            self._kept[key] = self._kept.pop(key)
            return self._kept[key]
        made = self.browser.new_context(**context)
        made.add_init_script(HOOK)
        made.set_default_timeout(PATIENCE_MS)
        opened = Opened(made.new_page(), service.address)
        opened.record.follow(opened.page)
        if keep:
            while len(self._kept) >= KEPT_PAGES:
                self._kept.pop(next(iter(self._kept))).page.context.close()
            self._kept[key] = opened
        return opened

    def forget(self, page: Page) -> None:
        """Close a page that must not be used again."""
        self._kept = {key: one for key, one in self._kept.items() if one.page is not page}
        page.context.close()

    def close(self) -> None:
        self._kept = {}
        self._browser = None
        self._stack.close()


_WINDOWS = Windows()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None]:
    """Close the browser after the last test of this folder: no other event loop runs beside Playwright's."""
    yield
    if nextitem is None or HERE not in nextitem.path.parents:
        _WINDOWS.close()


@pytest.fixture
def browser() -> Browser:
    return _WINDOWS.browser


@dataclass
class Visits:
    """Opens pages for one test."""

    request: pytest.FixtureRequest
    opened: list[Opened] = field(default_factory=list)
    fresh: list[Opened] = field(default_factory=list)
    allowed: list[re.Pattern[str]] = field(default_factory=list)

    def __call__(
        self,
        width: int = 960,
        height: int = 600,
        language: str = "en",
        view: str = "",
        *,
        at: str | Service = "story",
        query: str = "",
        fresh: bool = False,
        drawn: bool = True,
        before: Callable[[Page], object] | None = None,
        **context: Any,  # noqa: ANN401 - of Playwright
    ) -> Page:
        """
        Open a view and wait until it is drawn.

        `view` is what follows `lang` after the # (`week=2010-W29&theme=burglary`), `at` a service or the
        name of its fixture, `query` what stands before the # (`?embed`). `fresh` opens a page that remembers
        nothing and that no other test uses; `before` is done with it before it loads (routes, for example).
        `drawn=False` does not wait for the map. Whatever else is told goes to Playwright's new_context
        (`locale`, `reduced_motion`).
        """
        service = at if isinstance(at, Service) else self.request.getfixturevalue(at)
        keep = not (fresh or context or before)
        usual: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "locale": LOCALES[language] if language else "nl-NL",
            "reduced_motion": "reduce",
        }
        key = (service.address, width, height, query)
        opened = _WINDOWS.open(service, key, keep=keep, **usual | context)
        (self.opened if keep else self.fresh).append(opened)
        page = opened.page
        if before is not None:
            before(page)
        told = [f"lang={language}"] if language else []
        told += [view] if view else []
        if keep:
            _calm(opened, service.address + query)
            # A page that is open already stays where it looked last.
            told += [] if "map=" in view else [opened.begins]
        page.goto(f"{service.address}{query}#{'&'.join(told)}")
        if drawn:
            _wait_until_drawn(page)
        return page

    def allow(self, pattern: str) -> None:
        """Expect a complaint on the console: a failed request is one."""
        self.allowed.append(re.compile(pattern))

    def requests(self, page: Page) -> list[str]:
        """What a page asked for in this test, without the address of the service."""
        opened = next(one for one in [*self.opened, *self.fresh] if one.page is page)
        return [url.removeprefix(opened.address) for url in opened.record.requests]


def _wait_until_drawn(page: Page) -> None:
    page.wait_for_selector(DRAWN)
    # What a new address changes begins in a task of its own.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(page.locator("main")).not_to_have_class(re.compile("busy"))
    wait_until_still(page)


def _calm(opened: Opened, address: str) -> None:
    """Take away what an earlier test left on a page and no address tells; load it if it was not yet."""
    page = opened.page
    if page.url == "about:blank":
        page.goto(address)
        _wait_until_drawn(page)
        lon_deg, lat_deg, zoom = camera_of(page)
        opened.begins = f"map={lon_deg:.6f}/{lat_deg:.6f}/{zoom:.2f}"
        return
    page.mouse.move(0, 0)
    page.evaluate(
        """() => {
            for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
            for (const fold of document.querySelectorAll(':popover-open')) fold.hidePopover();
            document.activeElement?.blur();
            localStorage.clear();
            sessionStorage.clear();
        }"""
    )


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Iterator[Visits]:
    """Open views of the page; afterwards nothing was asked of others and nothing went wrong."""
    visits = Visits(request)
    yield visits
    failed: list[AssertionError] = []
    for opened in {id(one): one for one in [*visits.opened, *visits.fresh]}.values():
        try:
            opened.account(visits.allowed)
        except AssertionError as error:
            failed.append(error)
            _WINDOWS.forget(opened.page)
    for opened in visits.fresh:
        opened.page.context.close()
    if failed:
        raise failed[0]


@pytest.fixture(scope="session")
def story(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Six weeks made by hand: see `tests.api.map.story`."""
    with served(filled(sqlite_template, tmp_path_factory.mktemp("story"), write_story)) as service:
        yield service


@pytest.fixture(scope="session")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Two weeks of `tests.api.published`, from before hotspots were followed."""
    with served(filled(sqlite_template, tmp_path_factory.mktemp("town"), write_town)) as service:
        yield service


@pytest.fixture(scope="session")
def told_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Three weeks of `tests.api.told`."""
    with served(filled(sqlite_template, tmp_path_factory.mktemp("told"), write_told)) as service:
        yield service


@pytest.fixture(scope="session")
def lived_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a store with the simulated town: see `write_lived`."""
    return filled(sqlite_template, tmp_path_factory.mktemp("lived"), write_lived)


@pytest.fixture(scope="session")
def lived(lived_url: str) -> Iterator[Service]:
    """The simulated town, as the local user sees it: everything, with incidents and squares."""
    with served(lived_url) as service:
        yield service


@pytest.fixture(scope="session")
def controlled(lived_url: str) -> Iterator[Service]:
    """The same store with access controlled; `controlled.key('area_team', areas=...)` makes a key."""
    with served(lived_url, access=Access.CONTROLLED, key_lifetime=0, local_purpose=False) as service:
        yield service


@pytest.fixture(scope="session")
def nothing(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A store in which nothing is published."""
    with served(filled(sqlite_template, tmp_path_factory.mktemp("nothing"), lambda _: None)) as service:
        yield service
