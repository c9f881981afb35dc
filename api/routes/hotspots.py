"""A hotspot through its weeks: its history, and the evidence of one of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api import parameters
from api.access.callers import caller
from api.answers import CRS84, answer, encoded
from api.connection import lasting
from api.formats import media
from api.formats.negotiation import chosen, format_parameter
from api.products import properties
from api.queries import Reader
from api.schemas.places import HotspotHistory
from hotspot.catalogue import Disclosure
from hotspot.editions import hotspot_and_week
from hotspot.errors import NotFound
from hotspot.store import listings, publications

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.settings import ApiSettings
    from hotspot.store.listings import Listing
    from hotspot.weeks import Week

_Json = dict[str, Any]  # Any: JSON.

FORMATS = (media.JSON, replace(media.GEOJSON_FILE, suffix=None))
"""Its history and evidence, or its feature of every week."""

_OF_A_WEEK = (
    "rank",
    "kind",
    "grade",
    "score",
    "observed",
    "expected",
    "relative_risk",
    "p_value",
    "q_value",
    "lifecycle",
    "event",
    "area_m2",
    "centroid",
)
"""What is told of each week; the feature of the week tells the rest."""


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the route.

    Parameters
    ----------
    settings
        Lifetimes.

    Returns
    -------
    APIRouter
        The route.
    """
    routes = APIRouter(tags=["hotspots"])
    taken = (parameters.HOTSPOT_ID, format_parameter(FORMATS))

    @routes.get(
        "/hotspots/{hotspotId}",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="A hotspot through its weeks",
        response_model=HotspotHistory,
        responses={200: {"content": {to.GEOJSON: {"schema": {"type": "object"}}}}},
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def hotspot(request: Request) -> Response:
        """Its whole history, and all evidence of the week that its name has, else of the newest listed."""
        read = Reader(request)
        hotspot_id, week = hotspot_and_week(read.read(parameters.HOTSPOT_ID, ""))
        form = chosen(request, read, FORMATS).name
        read.finish()
        who = caller(request)
        with lasting(request) as connection:
            found = listings.history(connection, hotspot_id, level=who.level, areas=who.areas)
            newest = publications.editions(connection, level=who.level)[0].week
        told = _told_in(found, week)
        request.state.records = len(found)
        lifetime = settings.cache_lifetime
        if form == "geojson":
            return answer(
                request,
                _collection(request, found),
                media_type=to.GEOJSON,
                lifetime=lifetime,
                headers={"Content-Crs": f"<{CRS84}>"},
            )
        is_exact, is_listed_now = who.level is Disclosure.INTERNAL, found[0].week == newest
        history = _history(found, told, to.Links(request), is_exact=is_exact, is_listed_now=is_listed_now)
        body = encoded(history)
        return answer(request, body, media_type=to.JSON, lifetime=lifetime)

    return routes


def _told_in(found: Sequence[Listing], week: Week | None) -> int:
    """Find the week whose evidence is told: the newest if none is named."""
    if week is None:
        return 0
    for place, listing in enumerate(found):
        if listing.week == week:
            return place
    raise NotFound(f"the hotspot is not listed in {week}")


def _history(
    found: Sequence[Listing], told: int, links: to.Links, *, is_exact: bool, is_listed_now: bool
) -> _Json:
    """Tell a hotspot's weeks, and what one of them says."""
    feature = json.loads(found[told].geojson)
    weeks = [properties(one.geojson, exact=is_exact) for one in found]
    hotspot_id = weeks[told]["id"]
    around = (
        links.itself(to.JSON),
        links.again("alternate", to.GEOJSON, "Its feature of every week", {"f": "geojson"}),
        links.hotspot(hotspot_id),
        links.to(f"/hotspots/{hotspot_id}/notes", "related", to.JSON, "Notes of professionals"),
        links.ranking(found[told].week, found[told].edition).model_copy(update={"rel": "collection"}),
    )
    return {
        "id": hotspot_id,
        "theme": feature["properties"]["theme"],
        "first_week": str(found[-1].week),
        "latest_week": str(found[0].week),
        "weeks_listed": len(found),
        "is_listed_now": is_listed_now,
        "bbox": feature["bbox"],
        "geometry": feature["geometry"],
        "evidence": weeks[told],
        "history": [_week(one, said, links) for one, said in zip(found, weeks, strict=True)],
        "links": [link.model_dump() for link in around],
    }


def _week(listing: Listing, said: _Json, links: to.Links) -> _Json:
    """Tell one week, with the way to all that it says."""
    return {
        "week": str(listing.week),
        "edition": listing.edition,
        **{name: said[name] for name in _OF_A_WEEK if name in said},
        "links": [links.hotspot(said["id"], listing.week).model_dump()],
    }


def _collection(request: Request, found: Sequence[Listing]) -> bytes:
    """Put the published texts together as they are."""
    links = to.Links(request)
    around = (
        links.itself(to.GEOJSON),
        links.again("alternate", to.JSON, "Its history and evidence", {"f": None}),
    )
    head = encoded(
        {
            "type": "FeatureCollection",
            "numberMatched": len(found),
            "numberReturned": len(found),
            "links": [link.model_dump() for link in around],
        }
    ).decode()
    return (head[:-1] + ',"features":[' + ",".join(one.geojson for one in found) + "]}").encode()
