"""Part 1, the features themselves: pages, boxes, times, and GeoJSON."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import TYPE_CHECKING

import shapely

from tests.api.conformance.landing import CORE, PART, itself_and_alternates
from tests.api.conformance.requirements import COMMON_1, FEATURES, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import (
    GEOJSON,
    HTML,
    JSON,
    boxes,
    links,
    same,
    touching,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.api.conformance.subject import Feature, Json, Subject

WRONG = {
    "limit": ("unlimited", "0", "-1", "1.5", "", " ", "1,2", "٣"),
    "bbox": (
        "1,2,3", "a,b,c,d", "1,2,3,4,5", "nan,0,1,1", "0,0,inf,1", "0,2,1,1", "0,-91,1,1", "0,0,1,91",
        "0,0,181,1", "", "1,2,3,4,5,6,7", "0,0,5,1,1,-5",
    ),
    "datetime": (
        "yesterday", "2025-01-02T00:00:00Z/2025-01-01T00:00:00Z", "2025-02-30T00:00:00Z",
        "2025-01-01T25:00:00Z", "", "2025-01-01T00:00:00", "2025-13-01T00:00:00Z", "/", "../..", "a/b/c",
        "2025-01-01T00:00:00Z/2025-01-02T00:00:00Z/..",
    ),
    "offset": ("-1", "a", "1.5"),
    "f": ("nope", ""),
}  # fmt: skip
"""Values that have to be refused; `offset` and `f` only where the service has them."""


@requirement("core/query-param-invalid", part=PART, needs=[CORE])
def wrong_parameters(subject: Subject) -> None:
    names = {one["id"] for one in subject.collections}
    for name in sorted(names):
        for parameter, values in WRONG.items():
            for value in values:
                subject.service.refused(f"/collections/{name}/items", {parameter: value})


@requirement("core/query-param-twice", part=PART, needs=[CORE])
def twice(subject: Subject) -> None:
    name = subject.collections[0]["id"]
    subject.service.refused(f"/collections/{name}/items?limit=1&limit=2")


@requirement("core/fc-response", part=PART, needs=[CORE, FEATURES + "geojson"])
def answer_of_items(subject: Subject) -> None:
    def check(name: str) -> None:
        answer = subject.service.ok(f"/collections/{name}/items", Accept=GEOJSON)
        require(answer.media_type == GEOJSON, f"{answer}, required {GEOJSON}")
        require(answer.json["type"] == "FeatureCollection", f"{answer} is no FeatureCollection")
        require(isinstance(answer.json["features"], list), f"{answer} has no features")

    subject.each(check)


@requirement("core/crs84", part=PART, needs=[CORE])
def degrees(subject: Subject) -> None:
    def check(name: str) -> None:
        for one in subject.located(name):
            if one.geometry is not None:
                west, south, east, north = one.geometry.bounds
                on_globe = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
                require(on_globe, f"{one.id} lies at {one.geometry.bounds}, which is not in degrees")

    subject.each(check)


@requirement("core/fc-limit-response-1", part=PART, needs=[CORE])
def limits(subject: Subject) -> None:
    def check(name: str) -> None:
        total = len(subject.some(name))
        for limit in (1, 2, 7, 1000, 10_000, 1_000_000_000):
            page = subject.page(name, limit=limit)
            count = len(page["features"])
            require(count <= min(limit, total), f"limit={limit} gives {count}")
            require(count >= 1, f"limit={limit} gives nothing of {total}")
            require(limit > 2 or count == min(limit, total), f"limit={limit} gives {count} of {total}")

    subject.each(check)


@requirement("core/fc-bbox-response", part=PART, needs=[CORE])
def by_box(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.located(name)
        for box in boxes(features, how_many=8):
            same(subject.found(name, {"bbox": written(box)}), touching(features, box), f"bbox={written(box)}")
        west, south, east, north = boxes(features, how_many=0)[0]
        middle = (west + east) / 2
        half = (middle, south, east, north)
        with_height = f"{middle!r},{south!r},-100,{east!r},{north!r},9000"
        same(subject.found(name, {"bbox": with_height}), touching(features, half), f"bbox={with_height}")
        none = {one.id for one in features if one.geometry is None}
        beside = (east + 1, south, min(east + 2, 180.0), north)
        same(subject.found(name, {"bbox": written(beside)}), none, "a box beside all of it")
        # From the middle eastwards over the antimeridian: the eastern half once more.
        over = f"{middle!r},-90,-170,90"
        truth = touching(features, (middle, -90.0, 180.0, 90.0)) | touching(
            features, (-180.0, -90.0, -170.0, 90.0)
        )
        same(subject.found(name, {"bbox": over}), truth, f"bbox={over}")

    subject.each(check)


def meeting(features: Sequence[Feature], first: dt.datetime | None, last: dt.datetime | None) -> set[str]:
    """The truth about a time: closed intervals that share an instant with it, and what has no time."""
    return {
        one.id
        for one in features
        if (last is None or one.start is None or one.start <= last)
        and (first is None or one.end is None or first <= one.end)
    }


@requirement("core/fc-time-response", part=PART, needs=[CORE])
def by_time(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        if all(one.start is None and one.end is None for one in features):
            raise NothingToTest(f"{name} has no times")
        for text, first, last in _times(features):
            same(subject.found(name, {"datetime": text}), meeting(features, first, last), f"datetime={text}")

    subject.each(check)


@requirement("core/fc-time-response-untimed", part=PART, needs=[CORE])
def untimed(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        if any(one.start is not None or one.end is not None for one in features):
            raise NothingToTest(f"{name} has times")
        everything = {one.id for one in features}
        same(
            subject.found(name, {"datetime": "2001-01-01T00:00:00Z"}),
            everything,
            "a time where nothing has one",
        )

    subject.each(check)


def _times(features: Sequence[Feature]) -> list[tuple[str, dt.datetime | None, dt.datetime | None]]:
    """Instants and intervals that begin and end at, before and after those of the features."""
    chance = random.Random(11)  # noqa: S311 - no secret hangs on it
    edges = {at.replace(microsecond=0) for one in features for at in (one.start, one.end) if at is not None}
    step = dt.timedelta(seconds=1)
    if any(one.in_days for one in features):
        # When a day begins is a matter of the zone; noon is in it everywhere.
        edges, step = {at.replace(hour=12, minute=0, second=0) for at in edges}, dt.timedelta(days=1)
    known = sorted(edges)
    chosen = sorted({known[0], known[-1], *chance.sample(known, min(3, len(known)))})
    made = [one for at in chosen for one in _around(at, step)]
    made.append((f"{_said(chosen[0])}Z/{_said(chosen[-1])}Z", chosen[0], chosen[-1]))
    return made


def _said(at: dt.datetime) -> str:
    """Write an instant in UTC, without its zone."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}"


def _around(at: dt.datetime, step: dt.timedelta) -> list[tuple[str, dt.datetime | None, dt.datetime | None]]:
    """All ways to write an instant, and to begin or end with it."""
    text, half = _said(at), at + dt.timedelta(milliseconds=500)
    zoned = at.astimezone(dt.timezone(dt.timedelta(hours=1)))
    return [
        (f"{text}Z", at, at),
        (f"{text}.000Z", at, at),
        (f"{text.lower()}z", at, at),
        (f"{zoned:%Y-%m-%dT%H:%M:%S}+01:00", at, at),
        (f"../{text}Z", None, at),
        (f"/{text}Z", None, at),
        (f"{text}Z/..", at, None),
        (f"{text}Z/", at, None),
        (f"{text}.5Z", half, half),
        *((f"{_said(side)}Z", side, side) for side in (at - step, at + step)),
    ]


@requirement("core/fc-links", part=PART, needs=[CORE])
def links_of_items(subject: Subject) -> None:
    subject.each(lambda name: itself_and_alternates(subject, f"/collections/{name}/items", GEOJSON))


@requirement("core/fc-paging", part=PART, needs=[CORE])
def pages(subject: Subject) -> None:
    def check(name: str) -> None:
        truth = [one.id for one in subject.some(name)]
        size = max(1, len(truth) // 5)
        page = subject.page(name, limit=size)
        seen: list[str] = []
        while True:
            seen += [str(one["id"]) for one in page["features"]]
            following = links(page, "next")
            if len(seen) >= len(truth) or not following:
                break
            require(following[0].get("type") == GEOJSON, f"`next` has type {following[0].get('type')}")
            require(page["features"], "a page with `next` is empty")
            page = subject.service.ok(following[0]["href"], Accept=GEOJSON).json
        require(not following, "the last page has a link `next`")
        same(seen, set(truth), f"following `next` with limit={size}")
        require(seen == truth, "pages of another size come in another order")

    subject.each(check)


@requirement("core/fc-numberMatched-numberReturned", part=PART, needs=[CORE])
def numbers(subject: Subject) -> None:
    def check(name: str) -> None:
        total = len(subject.some(name))
        page = subject.page(name, limit=2)
        require(
            page.get("numberMatched") == total, f"numberMatched is {page.get('numberMatched')} of {total}"
        )
        require(
            page.get("numberReturned") == len(page["features"]),
            "numberReturned is not the number of features",
        )

    subject.each(check)


@requirement("core/f-success", part=PART, needs=[CORE])
def one_feature(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for place in sorted({0, len(features) // 2, len(features) - 1}):
            one = features[place]
            answer = subject.service.ok(f"/collections/{name}/items/{one.id}", Accept=GEOJSON)
            require(answer.media_type == GEOJSON, f"{answer}, required {GEOJSON}")
            alone: Json = answer.json
            require(str(alone["id"]) == one.id, f"{one.id} calls itself {alone['id']}")
            for key in ("type", "geometry", "properties"):
                require(alone[key] == one.raw[key], f"{key} of {one.id} differs from the one in its page")
            require(links(alone, "collection"), f"{one.id} has no link `collection`")
        itself_and_alternates(subject, f"/collections/{name}/items/{features[0].id}", GEOJSON)

    subject.each(check)


@requirement("core/f-unknown", part=PART, needs=[CORE])
def no_feature(subject: Subject) -> None:
    for one in subject.collections:
        for name in ("no-such-feature", "9" * 30, "%20", "a%2Fb", "%F0%9F%98%80"):
            subject.service.refused(f"/collections/{one['id']}/items/{name}", status=404)


@requirement("geojson/definition", part=PART, needs=[FEATURES + "geojson"], also=[COMMON_1 + "json"])
def media_types(subject: Subject) -> None:
    for path in ("", "/conformance", "/collections", f"/collections/{subject.collections[0]['id']}"):
        answer = subject.service.ok(path, Accept=JSON)
        require(answer.media_type == JSON, f"{answer}, required {JSON}")
    for one in subject.collections:
        for accept in ("*/*", GEOJSON, f"{GEOJSON}, */*;q=0.1", f"{HTML};q=0.2, {GEOJSON}"):
            answer = subject.service.ok(f"/collections/{one['id']}/items", {"limit": 1}, Accept=accept)
            require(answer.media_type == GEOJSON, f"{answer} for Accept: {accept}, required {GEOJSON}")


@requirement("geojson/content", part=PART, needs=[FEATURES + "geojson"])
def geojson(subject: Subject) -> None:
    def check(name: str) -> None:
        page = subject.page(name, limit=1000)
        require("crs" not in page, "the collection has a member crs")
        for one in page["features"]:
            well_formed(one)
        alone = subject.service.ok(
            f"/collections/{name}/items/{page['features'][0]['id']}", Accept=GEOJSON
        ).json
        well_formed(alone)

    subject.each(lambda name: check(name) if subject.some(name) else None)


def well_formed(feature: Json) -> None:
    """Hold a feature to RFC 7946."""
    name = feature.get("id")
    require(feature["type"] == "Feature", f"{name} is a {feature['type']}")
    require(isinstance(name, str | int), f"a feature has the id {name!r}")
    require({"geometry", "properties"} <= feature.keys(), f"{name} lacks geometry or properties")
    require("crs" not in feature, f"{name} has a member crs")
    require(feature["properties"] is None or isinstance(feature["properties"], dict), f"{name}: properties")
    geometry = feature["geometry"]
    if geometry is None:
        return
    shape = shapely.from_geojson(_text(geometry))
    if "bbox" in feature:
        near = all(abs(a - b) < 1e-6 for a, b in zip(feature["bbox"], shape.bounds, strict=True))
        require(near, f"{name} has the bbox {feature['bbox']} around {shape.bounds}")
    for ring, is_shell in _rings(geometry):
        require(len(ring) >= 4 and ring[0] == ring[-1], f"{name} has a ring that is not closed")
        require(shapely.LinearRing(ring).is_ccw == is_shell, f"{name} breaks the right-hand rule")


def _text(geometry: Json) -> str:
    """Write a geometry."""
    return json.dumps(geometry)


def _rings(geometry: Json) -> list[tuple[list[list[float]], bool]]:
    """Rings of polygons, each with whether it is a shell."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return [ring for part in geometry["geometries"] for ring in _rings(part)]
    held = geometry.get("coordinates", [])
    polygons: list[list[list[list[float]]]] = {"Polygon": [held], "MultiPolygon": held}.get(kind, [])
    return [(ring, number == 0) for polygon in polygons for number, ring in enumerate(polygon)]
