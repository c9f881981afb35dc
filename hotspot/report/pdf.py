"""The briefing as a PDF: laid out by Typst with the fonts that it brings along, the same everywhere."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from hotspot.report.briefing import briefing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from hotspot.report.published import Json, PublishedList
    from hotspot.report.sheet import Briefing

_TEMPLATE = "briefing.typ"


def _compiler() -> typst.Compiler:
    """Make a compiler that knows no fonts but its own, and no other file than the layout."""
    return typst.Compiler(Path(__file__).with_name(_TEMPLATE), ignore_system_fonts=True)


@dataclass(frozen=True, slots=True)
class Press:
    """
    Makes pages one after another; the fonts are read once.

    Parameters
    ----------
    compiler
        Typst with the layout.
    """

    compiler: typst.Compiler = field(default_factory=_compiler)

    def pdf(self, page: Briefing, *, published_at: dt.datetime) -> bytes:
        """
        Make the PDF of a page.

        Parameters
        ----------
        page
            The page.
        published_at
            The moment that the file names as its own.

        Returns
        -------
        bytes
            The file, of exactly one A4; the same bytes for the same page.
        """
        made = self.compiler.compile(
            format="pdf", sys_inputs=_inputs(page), timestamp=int(published_at.timestamp())
        )
        return _whole(made)

    def capacity(self, page: Briefing) -> int:
        """
        Tell how many hotspots of a page fit on one A4.

        Parameters
        ----------
        page
            The page.

        Returns
        -------
        int
            0 to the number of its items.
        """
        self.compiler.compile(format="svg", sys_inputs=_inputs(page))
        return int(json.loads(self.compiler.query("<shown>", field="value", one=True)))

    def fitting(
        self, listed: PublishedList, areas: Sequence[Json], *, code: str | None, language: str
    ) -> Briefing:
        """
        Make a page with as many hotspots as fit on it.

        Parameters
        ----------
        listed
            The whole list of the week.
        areas
            Neighbourhoods, at least one, and maybe districts, as GeoJSON features.
        code
            Code of one of them; absent for the municipality.
        language
            `nl` or `en`.

        Returns
        -------
        Briefing
            The page.
        """
        page = briefing(listed, areas, code=code, language=language)
        while (room := self.capacity(page)) < len(page.items):
            page = briefing(listed, areas, code=code, language=language, most=room)
        return page

    def png(self, page: Briefing, *, pixels_per_inch: float = 96.0) -> bytes:
        """
        Make a picture of a page.

        Parameters
        ----------
        page
            The page.
        pixels_per_inch
            How fine it is.

        Returns
        -------
        bytes
            A PNG.
        """
        made = self.compiler.compile(format="png", sys_inputs=_inputs(page), ppi=pixels_per_inch)
        return _whole(made)


def _inputs(page: Briefing) -> dict[str, str]:
    """Hand a page over as the layout reads it."""
    return {"page": json.dumps(asdict(page), ensure_ascii=False)}


def _whole(made: bytes | list[bytes] | None) -> bytes:
    """Take what was made as one file; several would be several pages."""
    if not isinstance(made, bytes):
        raise AssertionError(  # noqa: TRY004 -- our own layout, never a caller's mistake.
            f"a briefing is one page, got {0 if made is None else len(made)}"
        )
    return made
