"""
Take the README's picture of a served map page: `python -m tests.screenshot ADDRESS docs/screenshot.png`.

More is told with `--view '#week=2010-W30&lang=en'`, `--size 390x844` and `--open 1`, the hotspot to open.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.browser import DRAWN, PATIENCE_MS, chromium

SETTLED_MS = 1500
"""After the last movement the map needs a few frames more."""


def screenshot(
    address: str, out: Path, *, view: str = "#lang=nl", size: str = "1440x900", opened: int | None = None
) -> None:
    width_px, height_px = (int(part) for part in size.split("x"))
    with chromium() as browser:
        page = browser.new_page(
            viewport={"width": width_px, "height": height_px}, locale="nl-NL", reduced_motion="reduce"
        )
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address.rstrip("/") + "/" + view)
        page.wait_for_selector(DRAWN)
        if opened is not None:
            page.locator(".row").nth(opened - 1).click()
            page.wait_for_selector(".panel:visible")
        page.mouse.move(0, 0)
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="where the API serves the page")
    parser.add_argument("out", type=Path, help="the PNG to write")
    parser.add_argument("--view", default="#lang=nl", help="what stands after the address")
    parser.add_argument("--size", default="1440x900", help="of the window, in pixels")
    parser.add_argument("--open", type=int, help="place in the list of the hotspot to open")
    told = parser.parse_args()
    screenshot(told.address, told.out, view=told.view, size=told.size, opened=told.open)


if __name__ == "__main__":
    main()
