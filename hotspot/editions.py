"""
A week as people see it: the rows of its lists, what is served of it, and the editions in which it appeared.

Values only. `ranking` makes the rows, `publication` what is served; the store numbers the editions.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.

from hotspot.errors import InvalidWeek
from hotspot.weeks import Week

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hotspot.model import Grade, Hotspot, Kind


@dataclass(frozen=True, slots=True)
class RankedHotspot:
    """
    A row of the weekly list.

    Parameters
    ----------
    rank
        Place in the list of its theme, from 1.
    score
        Incidents too many in four weeks, shrunken; what the order follows within a kind and grade. See
        `hotspot.ranking`.
    previous_rank
        Rank of the hotspot of the same theme and kind at this place in the week before; absent if there was
        none.
    hotspot
        The hotspot.
    score_lower, score_upper
        Interval that holds the true score with 90 % chance; absent where nothing was drawn.
    rank_lower, rank_upper
        Best and worst rank of the 90 % interval, within the rows of the same kind and grade; absent likewise.
    p_top3, p_top10
        Chance that it truly stands among the first three, and ten, of the list; absent likewise.
    tie
        Rank of the first row of those that cannot be told apart from each other; its own rank where it can;
        absent likewise.
    too_little_data
        Whether it holds too few events to be ranked in earnest.
    harm_score
        The score weighed by harm; absent where all weights are 1.
    harm_rank
        Rank if the order followed the harm; absent likewise.
    """

    rank: int
    score: float
    previous_rank: int | None
    hotspot: Hotspot
    score_lower: float | None = None
    score_upper: float | None = None
    rank_lower: int | None = None
    rank_upper: int | None = None
    p_top3: float | None = None
    p_top10: float | None = None
    tie: int | None = None
    too_little_data: bool = False
    harm_score: float | None = None
    harm_rank: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedFeature:
    """
    One hotspot of a publication as it is served.

    Parameters
    ----------
    id
        Name of the hotspot.
    theme
        Its theme.
    kind, grade
        What was asked of it and how sure it is, for filtering.
    rank
        Its rank within the theme.
    areas
        Codes of the neighbourhoods and districts that it touches, for filtering.
    bbox_deg
        West, south, east, north of the served geometry.
    geojson
        The feature as a GeoJSON text, ready to send.
    """

    id: str
    theme: str
    kind: Kind
    grade: Grade
    rank: int
    areas: tuple[str, ...]
    bbox_deg: tuple[float, float, float, float]
    geojson: str


@dataclass(frozen=True, slots=True)
class Publication:
    """
    One week as it is published: immutable once written.

    Parameters
    ----------
    week
        The week.
    summary
        What the list says beside its rows: states per theme, counts, periods, parameters; a JSON text.
    features
        Hotspots of all themes, ordered by theme and rank.
    content_hash
        SHA-256 of the summary and the features: two publications with the same hash are the same.
    """

    week: Week
    summary: str
    features: tuple[PublishedFeature, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class Edition:
    """
    A publication as the store knows it.

    Parameters
    ----------
    week
        The week.
    number
        1 for the first publication of the week, then one more for each correction.
    content_hash
        Hash of its content.
    published_at
        When it was written, in UTC.
    """

    week: Week
    number: int
    content_hash: str
    published_at: dt.datetime


def feature_id(hotspot_id: str, week: Week) -> str:
    """
    Name the feature of a hotspot in one week: in a collection of all weeks the hotspot's id comes often.

    Parameters
    ----------
    hotspot_id
        The name that the hotspot keeps.
    week
        The week.

    Returns
    -------
    str
        Such as `hs-3f2a91c07b44-2026-W30`.
    """
    return f"{hotspot_id}-{week}"


def hotspot_and_week(name: str) -> tuple[str, Week | None]:
    """
    Read the name of a feature, or of a hotspot.

    Parameters
    ----------
    name
        What `feature_id` made, or the name of a hotspot.

    Returns
    -------
    tuple of str and Week
        The hotspot and the week, which is absent if none is named.
    """
    found = _FEATURE_ID.fullmatch(name)
    if found is not None:
        with suppress(InvalidWeek):
            return found["hotspot"], Week.parse(found["week"])
    return name, None


_FEATURE_ID = re.compile(r"(?P<hotspot>.+)-(?P<week>[0-9]{4}-W[0-9]{2})")


def told(feature: Mapping[str, Any]) -> dict[str, Any]:
    """
    Read what a published feature tells of its hotspot; what an early edition leaves unsaid is completed.

    Parameters
    ----------
    feature
        A published feature. Before there were kinds and grades, every hotspot was acute and had passed a
        family-wise test, whose p-value bounds the share of false ones too.

    Returns
    -------
    dict
        Its properties.
    """
    properties = dict(feature["properties"])
    unsaid = {"kind": "acute", "grade": "confirmed", "q_value": properties.get("p_value")}
    unsaid["form"] = "dot" if properties.get("places") == 1 else "area"
    return unsaid | properties
