"""The briefing as one HTML page that asks nobody for anything, on a screen and on paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from jinja2 import Template

    from hotspot.report.sheet import Briefing


@cache
def _template() -> Template:
    """Read the layout once; all texts in it are escaped."""
    environment = Environment(
        loader=PackageLoader("hotspot.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("briefing.html")


def as_html(page: Briefing) -> bytes:
    """
    Write a page as HTML.

    Parameters
    ----------
    page
        The page.

    Returns
    -------
    bytes
        UTF-8; the drawings are in it and its content security policy forbids every request.
    """
    return _template().render(page=page, said=page.said).encode()
