"""A page in Chromium whose times, bytes, tasks and memory are measured."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import DRAWN, PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page

HOOK = (Path(__file__).parent / "watch.js").read_text()
_OURS = re.compile(r"https?://[^/]+/(?:web/)?")


@dataclass
class Traffic:
    """What went over the wire."""

    urls: dict[str, str] = field(default_factory=dict)
    bytes_of: dict[str, float] = field(default_factory=dict)

    def follow(self, cdp: CDPSession) -> None:
        cdp.on("Network.requestWillBeSent", self._sent)
        cdp.on("Network.loadingFinished", self._finished)
        cdp.send("Network.enable")

    def _sent(self, told: dict[str, Any]) -> None:  # Any: of the protocol, as below.
        self.urls[told["requestId"]] = told["request"]["url"]

    def _finished(self, told: dict[str, Any]) -> None:
        self.bytes_of[told["requestId"]] = told["encodedDataLength"]

    def copy(self) -> Traffic:
        """What went over the wire until now."""
        return Traffic(dict(self.urls), dict(self.bytes_of))

    @property
    def own_kb(self) -> float:
        """Kilobytes of our code and data: of all that was asked for before the map library was."""
        ours = takewhile(lambda told: not told[1].endswith("/deck.js"), self.urls.items())
        return sum(self.bytes_of.get(key, 0.0) for key, _ in ours) / 1000

    @property
    def data(self) -> list[str]:
        """Data that were asked for: paths and queries."""
        paths = [url.split("/v1/", 1) for url in self.urls.values()]
        return [parts[1] for parts in paths if len(parts) > 1]

    def largest(self, n: int = 6) -> str:
        """Say what weighs most."""
        by_path: Counter[str] = Counter()
        for key, size in self.bytes_of.items():
            by_path[_OURS.sub("", self.urls[key])] += round(size / 1000)
        return ", ".join(f"{path} {kb} kB" for path, kb in by_path.most_common(n))


@dataclass
class Watched:
    """An open page and how it is doing."""

    page: Page
    cdp: CDPSession
    traffic: Traffic

    def ms_until_useful(self) -> float:
        """Time from the start of the navigation until list and hotspots are drawn; waits for the library."""
        self.page.wait_for_selector(DRAWN, state="attached")
        self.page.wait_for_function("Object.values(watched.seen()).every((at) => at !== null)")
        seen = self.page.evaluate("watched.seen()")
        return max(float(seen["row"]), float(seen["sketched"]))

    def ms_until_listed(self, view: str) -> float:
        """Time until the list of another view is on the screen."""
        return float(self.page.evaluate("(hash) => watched.untilListed(hash)", view))

    def settle(self) -> None:
        """Wait until nothing long happens any more."""
        for _ in range(40):
            now = self.page.evaluate("watched.now()")
            self.page.wait_for_timeout(250)
            if not self.page.evaluate("(now) => watched.tasksSince(now - 200)", now):
                return

    def longest_task_ms(self, start: float) -> float:
        """The longest task of the main thread since then; 0 if none lasted 50 ms."""
        self.settle()
        tasks = self.page.evaluate("(start) => watched.tasksSince(start)", start)
        return max((task["duration"] for task in tasks), default=0.0)

    def now(self) -> float:
        return float(self.page.evaluate("watched.now()"))

    def memory(self) -> dict[str, float]:
        """Megabytes of the heap, nodes and listeners after a collection, and what the graphics card holds."""
        for _ in range(2):
            self.cdp.send("HeapProfiler.collectGarbage")
        self.cdp.send("Performance.enable")
        told = {one["name"]: one["value"] for one in self.cdp.send("Performance.getMetrics")["metrics"]}
        held = self.page.evaluate("watched.held()")
        return {
            "heap_mb": told["JSHeapUsedSize"] / 1e6,
            "nodes": told["Nodes"],
            "listeners": told["JSEventListeners"],
            **held,
        }

    @contextmanager
    def profiled(self, what: str) -> Iterator[None]:
        """Tell which functions the main thread spent its time in."""
        self.cdp.send("Profiler.enable")
        self.cdp.send("Profiler.setSamplingInterval", {"interval": 500})
        self.cdp.send("Profiler.start")
        try:
            yield
        finally:
            print(f"  {what}: {busiest(self.cdp.send('Profiler.stop')['profile'])}")  # noqa: T201 - asked for


def busiest(profile: dict[str, Any], n: int = 12) -> str:
    """Name the functions with the most time of their own, and the ones of ours that hold the most."""
    parents = {child: node["id"] for node in profile["nodes"] for child in node.get("children", ())}
    nodes = {node["id"]: node["callFrame"] for node in profile["nodes"]}
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for place, spent_us in zip(profile["samples"], profile["timeDeltas"], strict=False):
        own[_name(nodes[place])] += spent_us
        ours: set[str] = set()
        at: int | None = place
        while at is not None:
            if "/web/" in nodes[at]["url"] and not nodes[at]["url"].endswith("deck.js"):
                ours.add(_name(nodes[at]))
            at = parents.get(at)
        whole.update(dict.fromkeys(ours, spent_us))
    told = [
        ", ".join(f"{name} {us / 1000:.0f}" for name, us in some.most_common(n) if us > 3_000)
        for some in (own, whole)
    ]
    return f"\n    by themselves (ms): {told[0]}\n    with all they call (ms): {told[1]}"


def _name(frame: dict[str, Any]) -> str:
    file = frame["url"].split("/web/")[-1]
    name = frame["functionName"] or f"anonymous:{frame['lineNumber'] + 1}"
    return f"{name} ({file})" if file else str(name)


@contextmanager
def watched(browser: Browser, address: str, view: str, *, calm: bool = True) -> Iterator[Watched]:
    """Open a page that remembers nothing and is measured from the start of its navigation."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="nl-NL",
        reduced_motion="reduce" if calm else "no-preference",
    )
    context.add_init_script(HOOK)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    traffic = Traffic()
    traffic.follow(cdp)
    page.goto(f"{address}/{view}", wait_until="commit")
    yield Watched(page, cdp, traffic)
    context.close()
