"""What is really drawn on the page: its pixels, and what deck.gl finds at them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.image import imread

from hotspot.crs import Plane
from tests.api.published import TOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from playwright.sync_api import Page

HOOK = (Path(__file__).parent / "drawn.js").read_text()
"""Run in each page before its own scripts."""

LAND = (229, 233, 236)
"""What `style.js` calls so."""

BURGLARY = (178, 62, 8)
DRUGS = (16, 92, 158)
"""The first two colours of `style.js`, in the order of the themes' names."""

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, width and height on the screen, in pixels."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the map."""

    id: str
    count: int
    visible: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What deck.gl finds at a pixel."""

    layer: str
    index: int
    name: str | None
    """Id of the hotspot or code of the area, where the thing has one."""


def wait_until_still(page: Page) -> None:
    """Wait until everything that the maps were told is on the screen."""
    page.wait_for_function("() => globalThis.drawnHere?.isStill() === true")


def maps(page: Page) -> int:
    """Number of maps that draw."""
    return int(page.evaluate("drawnHere.count()"))


def layers(page: Page, *, of: int = 0) -> list[Layer]:
    """Layers of a map, the lowest first."""
    wait_until_still(page)
    return [Layer(**one) for one in page.evaluate("(of) => drawnHere.layers(of)", of)]


def layer(page: Page, name: str, *, of: int = 0) -> Layer | None:
    """A layer by its name."""
    return next((one for one in layers(page, of=of) if one.id == name), None)


def lon_lat(x_m: float, y_m: float, *, srid: int = TOWN.srid) -> tuple[float, float]:
    """Longitude and latitude of a place in the plane."""
    lon_deg, lat_deg = Plane(srid).to_lon_lat([(x_m, y_m)])[0].tolist()
    return lon_deg, lat_deg


def camera(x_m: float, y_m: float, *, zoom: float = 16) -> str:
    """Say in the address that a place in the plane is in the middle of the map."""
    lon_deg, lat_deg = lon_lat(x_m, y_m)
    return f"map={lon_deg:.6f}/{lat_deg:.6f}/{zoom}"


def camera_of(page: Page, *, of: int = 0) -> tuple[float, float, float]:
    """Where a map looks: longitude, latitude and zoom."""
    told = page.evaluate("(of) => drawnHere.camera(of)", of)
    return told["lon_deg"], told["lat_deg"], told["zoom"]


def screen(page: Page, x_m: float, y_m: float, *, of: int = 0) -> tuple[float, float]:
    """Where on the screen a place in the plane is drawn."""
    wait_until_still(page)
    x_px, y_px = page.evaluate("(told) => drawnHere.screen(...told)", [of, *lon_lat(x_m, y_m)])
    return x_px, y_px


def without_card(page: Page) -> None:
    """Have the page see that a program draws in the place of a graphics card, before it is opened."""
    page.add_init_script("globalThis.hasNoCard = true")


def middle(page: Page) -> tuple[float, float]:
    """Where on the screen the middle of the map is."""
    box = page.locator(".map").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def picture(page: Page, box: Box | None = None) -> NDArray[np.int64]:
    """What is on the screen, of all of it or a part; shape (height, width, 3), 0 to 255."""
    clip: Any = None if box is None else dict(zip(("x", "y", "width", "height"), box, strict=True))
    png = page.screenshot() if clip is None else page.screenshot(clip=clip)
    shares: NDArray[np.float32] = imread(io.BytesIO(png), format="png")[..., :3]
    return np.rint(shares * 255).astype(np.int64)


def map_picture(page: Page) -> NDArray[np.int64]:
    """What is on the screen where the map is, with what lies over it."""
    wait_until_still(page)
    box = page.locator(".map").first.bounding_box()
    assert box is not None
    return picture(page, (box["x"], box["y"], box["width"], box["height"]))


def share_of(picture_of: NDArray[np.int64], colour: Colour, *, within: int = 6) -> float:
    """Which part of a picture has a colour, or one that differs by so little in each channel."""
    near = (np.abs(picture_of - np.array(colour)) <= within).all(axis=-1)
    return float(near.mean())


def colour_at(page: Page, x_px: float, y_px: float) -> Colour:
    """Colour of a pixel of the screen."""
    red, green, blue = picture(page, (round(x_px), round(y_px), 1, 1))[0, 0].tolist()
    return red, green, blue


def wait_for_colour(
    page: Page,
    wanted: Callable[[Colour], bool],
    at_m: tuple[float, float] | None = None,
    *,
    of: int = 0,
) -> None:
    """Wait until a place in the plane, or else the middle of the map, has a colour."""
    found = None
    for _ in range(60):
        at_px = middle(page) if at_m is None else screen(page, *at_m, of=of)
        found = colour_at(page, *at_px)
        if wanted(found):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the colour there stays {found}")


def is_land(colour: Colour) -> bool:
    """Tell whether nothing is drawn on the land."""
    return colour == LAND


def is_tinted(theme: Colour, *, share: float = 1, ground: Colour = LAND) -> Callable[[Colour], bool]:
    """Tell whether a colour is what a strong hotspot's filling makes of the land; of a likely one a share."""
    alpha = round(176 * share) / 255
    mixed = [round(alpha * one + (1 - alpha) * other) for one, other in zip(theme, ground, strict=True)]
    return lambda colour: all(abs(one - other) <= 3 for one, other in zip(mixed, colour, strict=True))


def picked(page: Page, x_m: float, y_m: float, *, of: int = 0) -> list[Found]:
    """What deck.gl finds at a place in the plane, topmost first."""
    x_px, y_px = screen(page, x_m, y_m, of=of)
    return picked_at(page, x_px, y_px, of=of)


def picked_at(page: Page, x_px: float, y_px: float, *, of: int = 0) -> list[Found]:
    """What deck.gl finds at a pixel of the screen, topmost first."""
    found = page.evaluate("(told) => drawnHere.picked(...told)", [of, x_px, y_px])
    return [Found(**one) for one in found]
