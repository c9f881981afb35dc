"""A published week as the products read it: summary and hotspots as they were frozen, and the notes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from hotspot.report import figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.notes import Note
    from hotspot.weeks import Week

Json: TypeAlias = "Mapping[str, Any]"  # Any: what is published is JSON, of which parts are read.

MAX_HASH = 12
"""Digits of a hash that people are shown: enough to tell two editions apart."""


@dataclass(frozen=True, slots=True)
class PublishedList:
    """
    An edition of a week, or the part of it that was asked for.

    Parameters
    ----------
    week
        The week.
    edition
        Number of the edition, from 1.
    content_hash
        SHA-256 of the whole edition.
    published_at
        When it was published, in UTC.
    summary
        What the list says beside its rows.
    features
        GeoJSON features with complete properties, by theme and rank.
    notes
        What professionals wrote, by hotspot, the oldest first.
    ties
        Theme and number of the ties in the whole edition; absent where the features are all there are.
    """

    week: Week
    edition: int
    content_hash: str
    published_at: dt.datetime
    summary: Json
    features: tuple[Json, ...]
    notes: Mapping[str, Sequence[Note]] = field(default_factory=dict)
    ties: frozenset[tuple[str, int]] | None = None

    def label(self, name: str, language: str) -> str:
        """
        Name a theme or subtheme as people read it.

        Parameters
        ----------
        name
            Its name.
        language
            `nl` or `en`.

        Returns
        -------
        str
            Its label; the name spelt with spaces if it has none.
        """
        label = self.summary.get("labels", {}).get(name)
        return name.replace("_", " ").capitalize() if label is None else str(label[language])

    @property
    def rows(self) -> tuple[Json, ...]:
        """Properties of the hotspots, in the order of the list."""
        return tuple(feature["properties"] for feature in self.features)

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes of the week, in the order of their names."""
        return tuple(sorted(entry["theme"] for entry in self.summary["themes"]))

    def all_ties(self) -> frozenset[tuple[str, int]]:
        """
        Tell which places in the list several hotspots share.

        Returns
        -------
        frozenset
            Theme and number of each tie; none in early editions, which do not tell.
        """
        if self.ties is not None:
            return self.ties
        found = Counter((row["theme"], row["tie"]) for row in self.rows if row.get("tie") is not None)
        return frozenset(tie for tie, hotspots in found.items() if hotspots > 1)

    def is_tied(self, row: Json) -> bool:
        """
        Tell whether a hotspot shares its place in the list.

        Parameters
        ----------
        row
            Properties of one of the hotspots.

        Returns
        -------
        bool
            Whether another of its theme, shown or not, cannot be told apart from it.
        """
        return (row["theme"], row.get("tie")) in self.all_ties()

    def part(self, features: Sequence[Json]) -> PublishedList:
        """
        Keep some of the hotspots; those that shared a place with another still do.

        Parameters
        ----------
        features
            The hotspots to keep.

        Returns
        -------
        PublishedList
            The same edition with these only.
        """
        return replace(self, features=tuple(features), ties=self.all_ties())

    def of_theme(self, theme: str) -> PublishedList:
        """
        Keep what is about one theme.

        Parameters
        ----------
        theme
            The theme.

        Returns
        -------
        PublishedList
            The same edition, with rows and statements of this theme only.
        """
        kept = [one for one in self.features if one["properties"]["theme"] == theme]
        return replace(self.part(kept), summary=_about(self.summary, theme))

    @property
    def zone(self) -> ZoneInfo:
        """The municipality's time zone."""
        return ZoneInfo(self.summary["municipality"]["time_zone"])

    def as_of(self, language: str) -> str | None:
        """
        Tell up to when reports were in.

        Parameters
        ----------
        language
            `nl` or `en`.

        Returns
        -------
        str or None
            The moment in the municipality's own time; absent in early editions, which do not tell.
        """
        told = self.summary.get("as_of")
        if told is None:
            return None
        return figures.moment(dt.datetime.fromisoformat(told).astimezone(self.zone), language)

    def published(self, language: str) -> str:
        """
        Tell when the edition was published.

        Parameters
        ----------
        language
            `nl` or `en`.

        Returns
        -------
        str
            The moment in the municipality's own time.
        """
        return figures.moment(self.published_at.astimezone(self.zone), language)


def _about(summary: Json, theme: str) -> dict[str, Any]:
    """Keep what a summary says of one theme."""
    kept: dict[str, Any] = dict(summary)
    kept["themes"] = [entry for entry in summary["themes"] if entry["theme"] == theme]
    for name in ("gone", "backing", "shifts", "concentration"):
        if name in kept:
            kept[name] = [entry for entry in kept[name] if entry["theme"] == theme]
    for name in ("completeness", "hot_times"):
        if name in kept:
            kept[name] = {key: value for key, value in kept[name].items() if key == theme}
    return kept
