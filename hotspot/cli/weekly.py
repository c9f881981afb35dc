"""A published week as the commands that show one read it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotspot.editions import told
from hotspot.errors import InvalidParameter, NotFound
from hotspot.model import Level
from hotspot.report.published import PublishedList
from hotspot.store import boundaries, notes, publications
from hotspot.store.publications import Conditions
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from hotspot.notes import Note

ALL = 1_000_000
"""More hotspots than any week has: a list on the command line is never cut off silently."""

WeekArgument = Annotated[str, typer.Option("--week", help="A published ISO week, or `latest`.")]
EditionOption = Annotated[
    int | None,
    typer.Option(
        min=1, max=1_000_000, help="An earlier edition of the week; default: the newest.", show_default=False
    ),
]


@dataclass(frozen=True, slots=True)
class WeeklyList:
    """A published week: what the list says beside its rows, the rows as GeoJSON features, and their notes."""

    stored: publications.StoredPublication
    summary: dict[str, Any]
    features: list[dict[str, Any]]
    notes: Mapping[str, Sequence[Note]]

    @property
    def published(self) -> PublishedList:
        """The week as the products read it."""
        edition = self.stored.edition
        return PublishedList(
            week=edition.week,
            edition=edition.number,
            content_hash=edition.content_hash,
            published_at=edition.published_at,
            summary=self.summary,
            features=tuple(self.features),
            notes=self.notes,
        )


def read_list(connection: Connection, week: str, wanted: Conditions) -> WeeklyList:
    """
    Read a published week.

    Parameters
    ----------
    connection
        The open transaction.
    week
        An ISO week or `latest`.
    wanted
        Which hotspots, and of which edition; its week is left aside.

    Returns
    -------
    WeeklyList
        The week; the properties of its features are complete even if the edition is an early one.

    Raises
    ------
    NotFound
        If nothing, or not this week or edition, was published.
    InvalidParameter
        If the week has no such theme, or there is no such area.
    """
    stored = publications.edition(connection, parse_week(connection, week), wanted.edition)
    summary: dict[str, Any] = json.loads(stored.summary)
    themes = [entry["theme"] for entry in summary["themes"]]
    mistakes = []
    if wanted.theme is not None and wanted.theme not in themes:
        mistakes.append(f"theme must be one of {', '.join(themes)}, got {wanted.theme!r}")
    if wanted.area is not None and not _is_area(connection, wanted.area):
        mistakes.append(f"area must be the code of a neighbourhood or district, got {wanted.area!r}")
    if mistakes:
        raise InvalidParameter(*mistakes)
    found = replace(wanted, week=stored.edition.week, edition=stored.edition.number)
    page = publications.hotspot_page(connection, found, limit=ALL)
    features = [json.loads(fragment) for fragment in page.fragments]
    return WeeklyList(
        stored,
        summary,
        [one | {"properties": told(one)} for one in features],
        notes.notes_of(connection, [one["properties"]["id"] for one in features]),
    )


def _is_area(connection: Connection, code: str) -> bool:
    """Tell whether some neighbourhood or district has this code."""
    known = boundaries.read_boundaries(connection)
    return any(area.code == code for area in known.areas if area.level is not Level.MUNICIPALITY)


def parse_week(connection: Connection, week: str) -> Week:
    """
    Read an ISO week or `latest`.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The text.

    Returns
    -------
    Week
        The week; the newest that was published for `latest`.

    Raises
    ------
    NotFound
        If nothing was published yet.
    InvalidWeek
        If the text is neither.
    """
    if week != "latest":
        return Week.parse(week)
    found = publications.editions(connection)
    if not found:
        raise NotFound("nothing was published yet; run `hotspot detect` and `hotspot publish` first")
    return found[0].week
