"""What the service tells of itself, read once: its documents, its collections and all their features."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import shape

from tests.api.conformance.service import NothingToTest, Service, Violation, require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

Json = dict[str, Any]  # Any: JSON.

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
PROBLEM = "application/problem+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"

MAX_PAGES = 2000
"""Pages of a dump, after which paging is said to go round in circles."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a dump: what an oracle needs to know of it."""

    id: str
    geometry: BaseGeometry | None
    start: dt.datetime | None
    end: dt.datetime | None
    properties: Json
    raw: Json
    in_days: bool


class Subject:
    """
    A service with what it told of itself.

    Parameters
    ----------
    service
        Where to ask.
    only
        Names of the collections that are looked at; all where empty.
    """

    def __init__(self, service: Service, only: Sequence[str] = ()) -> None:
        self.service = service
        self._only = frozenset(only)
        self._dumps: dict[tuple[str, str | None], list[Feature]] = {}

    @cached_property
    def landing(self) -> Json:
        document: Json = self.service.ok("", Accept=JSON).json
        return document

    @cached_property
    def conforms_to(self) -> frozenset[str]:
        return frozenset(self.service.ok("/conformance", Accept=JSON).json["conformsTo"])

    @cached_property
    def collections(self) -> list[Json]:
        told = self.service.ok("/collections", Accept=JSON).json["collections"]
        require(told, "/collections lists no collection")
        return [one for one in told if not self._only or one["id"] in self._only]

    @cached_property
    def openapi(self) -> Json:
        for link in links(self.landing, "service-desc"):
            if "openapi+json" in link.get("type", "") and "3.0" in link["type"]:
                document: Json = self.service.ok(link["href"], Accept=link["type"]).json
                return document
        raise Violation(
            "the landing page has no service-desc of type application/vnd.oai.openapi+json;version=3.0"
        )

    def collection(self, name: str) -> Json:
        document: Json = self.service.ok(f"/collections/{name}", Accept=JSON).json
        return document

    def schema(self, name: str, kind: str = "schema") -> Json:
        document: Json = self.service.ok(f"/collections/{name}/{kind}", Accept=SCHEMA).json
        return document

    def each(self, check: Callable[[str], None]) -> None:
        """Try something on every collection; violations of all of them are told."""
        violations, tried = [], 0
        for one in self.collections:
            try:
                check(one["id"])
            except NothingToTest:
                continue
            except Violation as violation:
                violations.append(f"[{one['id']}] {violation}")
            tried += 1
        if violations:
            raise Violation("; ".join(violations))
        if not tried:
            raise NothingToTest("no collection has what this needs")

    def page(self, name: str, **params: object) -> Json:
        """One answer of items."""
        cleaned = {key.rstrip("_").replace("__", "-"): value for key, value in params.items()}
        document: Json = self.service.ok(f"/collections/{name}/items", cleaned, Accept=GEOJSON).json
        return document

    def found(self, name: str, params: Mapping[str, object]) -> list[str]:
        """Names of all features that a request finds, over all of its pages, in order."""
        asked = {"limit": 1000, **params}
        page = self.service.ok(f"/collections/{name}/items", asked, Accept=GEOJSON).json
        return [str(one["id"]) for part in self._pages(page) for one in part["features"]]

    def dump(self, name: str, crs: str | None = None) -> list[Feature]:
        """All features of a collection; geometries in the order of the axes as they were served."""
        key = (name, crs)
        if key not in self._dumps:
            params = {"limit": 1000} | ({} if crs is None else {"crs": crs})
            first = self.service.ok(f"/collections/{name}/items", params, Accept=GEOJSON).json
            roles = self._roles(name)
            self._dumps[key] = [
                _feature(one, roles) for part in self._pages(first) for one in part["features"]
            ]
        return self._dumps[key]

    def some(self, name: str, crs: str | None = None) -> list[Feature]:
        """All features; there is nothing to test where there are none."""
        features = self.dump(name, crs)
        if not features:
            raise NothingToTest(f"{name} has no features")
        return features

    def located(self, name: str, crs: str | None = None) -> list[Feature]:
        """All features; there is nothing to test where none has a geometry."""
        features = self.some(name, crs)
        if all(one.geometry is None for one in features):
            raise NothingToTest(f"{name} has no geometries")
        return features

    def _pages(self, page: Json) -> list[Json]:
        """A page and all that follow it."""
        pages = [page]
        while following := links(pages[-1], "next"):
            require(len(pages) < MAX_PAGES, "the links `next` do not come to an end")
            pages.append(self.service.ok(following[0]["href"], Accept=GEOJSON).json)
        return pages

    def _roles(self, name: str) -> dict[str, str]:
        """Name of the property in each role, as the schema of the collection tells."""
        answer = self.service.ask(f"/collections/{name}/schema", Accept=SCHEMA)
        if answer.status != 200:
            return {}
        properties: Json = answer.json["properties"]
        return {one["x-ogc-role"]: key for key, one in properties.items() if "x-ogc-role" in one}


def links(document: Mapping[str, Any], rel: str) -> list[Json]:
    """Links of a document with a relation."""
    return [link for link in document.get("links", ()) if link.get("rel") == rel]


def _feature(one: Json, roles: Mapping[str, str]) -> Feature:
    """Read a feature."""
    geometry = None if one["geometry"] is None else shape(one["geometry"])
    told = one["properties"] or {}
    instant = told.get(roles.get("primary-instant", ""))
    first = told.get(roles.get("primary-interval-start", ""), instant)
    last = told.get(roles.get("primary-interval-end", ""), instant)
    start, end = moment(first, last_of_day=False), moment(last, last_of_day=True)
    in_days = any(isinstance(text, str) and "T" not in text.upper() for text in (first, last))
    return Feature(str(one["id"]), geometry, start, end, told, one, in_days)


def moment(text: str | None, *, last_of_day: bool) -> dt.datetime | None:
    """Read an instant, or the first or last instant of a day."""
    if text is None:
        return None
    if _INSTANT.fullmatch(text):
        return dt.datetime.fromisoformat(text.upper())
    day = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return day + dt.timedelta(days=1, microseconds=-1) if last_of_day else day


def boxes(
    features: Sequence[Feature], *, how_many: int, seed: int = 7
) -> list[tuple[float, float, float, float]]:
    """Boxes that cut through the features: the whole extent, random ones, and one on a vertex."""
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
    shapes = [one.geometry for one in features if one.geometry is not None]
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    made = [(west, south, east, north)]
    for _ in range(how_many):
        x = sorted(chance.uniform(west, east) for _ in range(2))
        y = sorted(chance.uniform(south, north) for _ in range(2))
        made.append((x[0], y[0], x[1], y[1]))
    x_at, y_at = shapely.get_coordinates(shapes[0])[0]
    made.append((float(x_at), float(y_at), float(x_at), float(y_at)))
    return made


def touching(features: Sequence[Feature], box: tuple[float, float, float, float]) -> set[str]:
    """The truth about a box: what shares a point with it, or has no geometry."""
    west, south, east, north = box
    area: BaseGeometry
    area = shapely.Point(west, south) if (west, south) == (east, north) else shapely.box(*box)
    return {one.id for one in features if one.geometry is None or one.geometry.intersects(area)}


def written(box: tuple[float, float, float, float]) -> str:
    """Write a box as it stands in an address."""
    return ",".join(map(repr, box))


def swapped(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The same box with its axes exchanged."""
    return box[1], box[0], box[3], box[2]


def same(found: Sequence[str], truth: set[str], asked: str) -> None:
    """Hold an answer to the truth: the same features, each once."""
    missing, added = sorted(truth - set(found)), sorted(set(found) - truth)
    require(
        not missing and not added,
        f"{asked}: {len(found)} found, {len(truth)} are true; missing {missing[:3]}, too many {added[:3]}",
    )
    require(len(found) == len(set(found)), f"{asked}: a feature comes twice")
