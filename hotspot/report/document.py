"""The list as JSON and as GeoJSON, for other systems; `docs/list.schema.json` describes the first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any  # What is published is JSON.

if TYPE_CHECKING:
    from hotspot.report.published import PublishedList


def document(listed: PublishedList) -> dict[str, Any]:
    """
    Give a list as one value that JSON can hold.

    Parameters
    ----------
    listed
        The list.

    Returns
    -------
    dict
        What the list says beside its rows, its edition, and under `hotspots` the properties of each row.
    """
    return {**listed.summary, **_edition(listed), "hotspots": list(listed.rows)}


def as_json(listed: PublishedList) -> bytes:
    """
    Write a list as JSON.

    Parameters
    ----------
    listed
        The list.

    Returns
    -------
    bytes
        UTF-8, indented.
    """
    return (json.dumps(document(listed), ensure_ascii=False, indent=2) + "\n").encode()


def as_geojson(listed: PublishedList) -> bytes:
    """
    Write the hotspots of a list as GeoJSON.

    Parameters
    ----------
    listed
        The list.

    Returns
    -------
    bytes
        A FeatureCollection in UTF-8 that names its edition.
    """
    collection = {
        "type": "FeatureCollection",
        "name": f"hotspots {listed.week}",
        "week": str(listed.week),
        **_edition(listed),
        "features": list(listed.features),
    }
    return (json.dumps(collection, ensure_ascii=False) + "\n").encode()


def _edition(listed: PublishedList) -> dict[str, Any]:
    """Name the edition."""
    return {
        "edition": listed.edition,
        "content_hash": listed.content_hash,
        "published_at": listed.published_at.isoformat(),
    }
