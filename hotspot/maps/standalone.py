"""From a published week to one HTML page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hotspot.errors import InvalidParameter
from hotspot.maps.aside import aside
from hotspot.maps.deck import deck
from hotspot.maps.page import page
from hotspot.maps.rows import rows
from hotspot.maps.words import TEXTS, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.maps.words import Json


def standalone_map(features: Sequence[str], areas: Sequence[str], summary: Json, *, language: str) -> str:
    """
    Write a published week as one HTML page with a map and a list.

    Parameters
    ----------
    features
        Hotspots of the week as GeoJSON texts.
    areas
        Neighbourhoods as GeoJSON texts; at least one.
    summary
        What the publication says beside its hotspots.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The page; it makes no request to anywhere.

    Raises
    ------
    InvalidParameter
        If the language is another, or there is no neighbourhood.
    """
    if language not in TEXTS:
        raise InvalidParameter(f"language must be one of {sorted(TEXTS)}, got {language!r}")
    if not areas:
        raise InvalidParameter("a map needs at least one neighbourhood, got none")
    listed = rows([json.loads(feature) for feature in features], summary, language)
    return page(
        deck(listed, [json.loads(area) for area in areas]),
        aside=aside(listed, summary, language),
        title=title(summary, language),
        language=language,
    )
