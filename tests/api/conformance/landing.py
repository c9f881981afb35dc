"""Part 1, what stands around the features: landing page, conformance, descriptions, collections."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.api.conformance.requirements import COMMON_1, COMMON_2, FEATURES, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import CRS84, GEOJSON, HTML, JSON, REL, links, moment

if TYPE_CHECKING:
    from tests.api.conformance.subject import Json, Subject

PART = "Part 1 Core"
CORE = FEATURES + "core"
_COMMON = (COMMON_1 + "core", COMMON_1 + "landing-page", COMMON_1 + "json")


@requirement("core/root-op", part=PART, needs=[CORE])
def root(subject: Subject) -> None:
    answer = subject.service.ok("", Accept=JSON)
    require(answer.media_type == JSON, f"{answer}, required {JSON}")


@requirement("core/root-success", part=PART, needs=[CORE])
def root_links(subject: Subject) -> None:
    told = subject.landing
    require(links(told, "conformance") or links(told, REL + "conformance"), "no link `conformance`")
    require(links(told, "data") or links(told, REL + "data"), "no link `data`")
    require(links(told, "service-desc") or links(told, "service-doc"), "no link to a description")
    well_linked(told, "the landing page")


def well_linked(document: Json, what: str) -> None:
    """Each link has an address, a relation and, where it leads to one representation, a type."""
    for link in document["links"]:
        require(link.get("href") and link.get("rel"), f"{what} has a link without href or rel: {link}")
        require(link.get("type") or link.get("templated"), f"{what} has a link without type: {link}")


@requirement("core/root-common", part=PART, needs=[CORE], also=_COMMON)
def root_common(subject: Subject) -> None:
    require(isinstance(subject.landing.get("title"), str), "the landing page has no title")
    require(isinstance(subject.landing.get("description"), str), "the landing page has no description")


@requirement("rec/core/root-links", part=PART, needs=[CORE])
def root_itself(subject: Subject) -> None:
    itself_and_alternates(subject, "", JSON)


def itself_and_alternates(subject: Subject, path: str, media_type: str) -> None:
    """A document links to itself and to itself as a page for people."""
    document = subject.service.ok(path, Accept=media_type).json
    itself = [link for link in links(document, "self") if link.get("type") == media_type]
    require(itself, f"{path or '/'} has no link `self` of type {media_type}")
    if FEATURES + "html" in subject.conforms_to:
        other = [link for link in links(document, "alternate") if link.get("type") == HTML]
        require(other, f"{path or '/'} has no link `alternate` of type {HTML}")
        require(subject.service.ok(other[0]["href"]).media_type == HTML, f"{other[0]['href']} is no {HTML}")


@requirement("core/api-definition-success", part=PART, needs=[CORE])
def definitions(subject: Subject) -> None:
    described = links(subject.landing, "service-desc") + links(subject.landing, "service-doc")
    for link in described:
        answer = subject.service.ok(link["href"], Accept=link["type"])
        came = answer.header("Content-Type").replace(" ", "")
        wanted = link["type"].replace(" ", "")
        as_page = wanted == HTML and answer.media_type == HTML
        require(came == wanted or as_page, f"{answer}, the link says {link['type']}")


@requirement("core/conformance-success", part=PART, needs=[CORE])
def conformance(subject: Subject) -> None:
    told = subject.service.ok("/conformance", Accept=JSON).json["conformsTo"]
    require(all(isinstance(uri, str) for uri in told), "conformsTo is no array of strings")
    require(len(told) == len(set(told)), "conformsTo names a class twice")
    require(CORE in told, "conformsTo does not name core")


@requirement(
    "core/fc-md-success", part=PART, needs=[CORE], also=[COMMON_2 + "collections", COMMON_2 + "json"]
)
def collections(subject: Subject) -> None:
    document = subject.service.ok("/collections", Accept=JSON).json
    well_linked(document, "/collections")
    names = [one["id"] for one in document["collections"]]
    require(len(names) == len(set(names)), "a collection is listed twice")
    for one in document["collections"]:
        well_linked(one, one["id"])


@requirement("core/fc-md-links", part=PART, needs=[CORE])
def collections_links(subject: Subject) -> None:
    itself_and_alternates(subject, "/collections", JSON)


@requirement("common-2/simple-query", part=PART, needs=[COMMON_2 + "simple-query"])
def some_collections(subject: Subject) -> None:
    for params in ({"limit": 1}, {"bbox": "-180,-90,180,90"}, {"datetime": "2020-01-01T00:00:00Z"}):
        subject.service.ok("/collections", params)


@requirement("core/fc-md-items-links", part=PART, needs=[CORE])
def items_links(subject: Subject) -> None:
    for one in subject.collections:
        types = {link.get("type") for link in links(one, "items")}
        wanted = {GEOJSON} | ({HTML} if FEATURES + "html" in subject.conforms_to else set())
        require(wanted <= types, f"{one['id']} has links `items` of {types}, required {wanted}")


@requirement("core/fc-md-extent", part=PART, needs=[CORE])
def extents(subject: Subject) -> None:
    subject.each(lambda name: _extent(subject, name))


def _extent(subject: Subject, name: str) -> None:
    extent = subject.collection(name).get("extent", {})
    features = subject.some(name)
    if any(one.geometry is not None for one in features):
        west, south, east, north = extent["spatial"]["bbox"][0]
        require(extent["spatial"].get("crs", CRS84) == CRS84, "the extent is not in CRS84")
        for one in features:
            if one.geometry is not None:
                x_min, y_min, x_max, y_max = one.geometry.bounds
                inside = west <= x_min and x_max <= east and south <= y_min and y_max <= north
                require(inside, f"{one.id} at {one.geometry.bounds} is outside the extent")
    if any(one.start is not None for one in features):
        first, last = extent["temporal"]["interval"][0]
        begin, end = moment(first, last_of_day=False), moment(last, last_of_day=True)
        for one in features:
            # When a day begins is a matter of the zone.
            near = dt.timedelta(hours=14 if one.in_days else 0)
            early = begin is not None and one.start is not None and one.start < begin - near
            late = end is not None and one.end is not None and one.end > end + near
            require(
                not early and not late, f"{one.id} ({one.start} to {one.end}) is outside {first} to {last}"
            )


@requirement("core/sfc-md-success", part=PART, needs=[CORE])
def one_collection(subject: Subject) -> None:
    for listed in subject.collections:
        alone = subject.collection(listed["id"])
        for key in ("id", "title", "description", "extent", "itemType", "crs", "storageCrs"):
            require(alone.get(key) == listed.get(key), f"{listed['id']}.{key} differs from /collections")
        require(
            alone.get("title") and alone.get("description"), f"{listed['id']} has no title or description"
        )
        require(alone.get("itemType", "feature") == "feature", f"{listed['id']} has no features")
        itself_and_alternates(subject, f"/collections/{listed['id']}", JSON)


@requirement("core/sfc-md-unknown", part=PART, needs=[CORE])
def no_collection(subject: Subject) -> None:
    for path in ("", "/items", "/items/1"):
        subject.service.refused(f"/collections/no-such-collection{path}", status=404)


def documents(subject: Subject) -> list[str]:
    """Addresses that answer GET: those of the landing page and of every collection."""
    paths = ["", "/conformance", "/collections"]
    paths += [link["href"] for link in links(subject.landing, "service-desc")]
    for one in subject.collections:
        path = f"/collections/{one['id']}"
        paths += [path, f"{path}/items"]
        features = subject.dump(one["id"])
        paths += [f"{path}/items/{features[0].id}"] if features else []
        paths += [
            link["href"]
            for link in one["links"]
            if link["rel"] in {REL + "queryables", REL + "schema", REL + "sortables"}
            and link.get("type") in {"application/schema+json", None}
        ]
    return list(dict.fromkeys(paths))


@requirement("rec/core/head", part=PART, needs=[CORE])
def head(subject: Subject) -> None:
    for path in documents(subject):
        asked = subject.service.ask(path, method="HEAD")
        told = subject.service.ask(path)
        require(asked.status == told.status == 200, f"{asked}, and GET answers {told.status}")
        require(asked.body == b"", f"{asked} has a body")
        require(asked.media_type == told.media_type, f"{asked}, and GET says {told.media_type}")
        require(asked.header("ETag") == told.header("ETag"), f"{asked} has another ETag than GET")


@requirement("core/http-methods", part=PART, needs=[CORE])
def methods(subject: Subject) -> None:
    name = subject.collections[0]["id"]
    for path in ("", "/conformance", "/collections", f"/collections/{name}", f"/collections/{name}/items"):
        for method in ("PUT", "DELETE", "PATCH", "POST"):
            answer = subject.service.ask(path, method=method)
            require(answer.status == 405, f"{answer}, required 405")
            allowed = {one.strip() for one in answer.header("Allow").split(",")}
            require({"GET", "HEAD"} <= allowed, f"{answer} allows {allowed}, required GET and HEAD at least")
            require(method not in allowed, f"{answer} says that {method} is allowed")


@requirement("core/query-param-unknown", part=PART, needs=[CORE])
def unknown_parameters(subject: Subject) -> None:
    for path in documents(subject):
        subject.service.refused(path, {"unknownQueryParameter": 1})


@requirement("core/timeStamp", part=PART, needs=[CORE])
def time_stamp(subject: Subject) -> None:
    def check(name: str) -> None:
        page = subject.page(name, limit=1)
        if "timeStamp" not in page:
            raise NothingToTest(f"{name} has no timeStamp")
        require(str(page["timeStamp"]).endswith("Z"), f"timeStamp is not in UTC: {page['timeStamp']}")
        at = moment(page["timeStamp"], last_of_day=False)
        require(at is not None and at.tzinfo is not None, f"timeStamp is no instant: {page['timeStamp']}")
        now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
        require(at is not None and at <= now, f"timeStamp lies in the future: {page['timeStamp']}")

    subject.each(check)
