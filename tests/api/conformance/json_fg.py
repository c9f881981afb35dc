"""JSON-FG: features with their time and with geometries in other systems."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from shapely.geometry import shape

from tests.api.conformance.crs import references
from tests.api.conformance.requirements import CRS, JSON_FG, SCHEMAS, requirement
from tests.api.conformance.service import require
from tests.api.conformance.subject import CRS84, GEOJSON, SCHEMA, moment

if TYPE_CHECKING:
    from tests.api.conformance.subject import Json, Subject

PART = "JSON-FG"
NEEDS = (JSON_FG + "core",)
_NEAR = dt.timedelta(hours=14)
"""How far the beginning of a day may be from that in UTC."""


def _page(subject: Subject, name: str, **params: object) -> Json:
    """A page in JSON-FG, by its profile."""
    asked = {"limit": 1000, "profile": "jsonfg", **params}
    answer = subject.service.ok(f"/collections/{name}/items", asked, Accept=GEOJSON)
    require(answer.media_type == GEOJSON, f"{answer}, required {GEOJSON}")
    document: Json = answer.json
    return document


@requirement("json-fg/metadata", part=PART, needs=NEEDS)
def metadata(subject: Subject) -> None:
    def check(name: str) -> None:
        subject.some(name)
        page = _page(subject, name)
        require(JSON_FG + "core" in page["conformsTo"], f"conformsTo is {page['conformsTo']}")
        for one in page["features"]:
            require(
                {"time", "place", "geometry", "properties", "id"} <= one.keys(), f"{one['id']} lacks a member"
            )
            require("conformsTo" not in one, "conformsTo stands at each feature of a collection")
            require(one.get("featureType") or page.get("featureType"), f"{one['id']} has no featureType")

    subject.each(check)


@requirement("json-fg/instant-and-interval", part=PART, needs=NEEDS)
def times(subject: Subject) -> None:
    def check(name: str) -> None:
        features = {one.id: one for one in subject.some(name)}
        for one in _page(subject, name)["features"]:
            truth, told = features[str(one["id"])], one["time"]
            if truth.start is None and truth.end is None:
                require(told is None, f"{truth.id} has the time {told}")
                continue
            require(told is not None, f"{truth.id} has no time")
            first = told.get("timestamp") or told.get("date") or told["interval"][0]
            last = told.get("timestamp") or told.get("date") or told["interval"][1]
            for text in (first, last):
                require(
                    text == ".." or "T" not in text or text.endswith("Z"), f"{truth.id}: {text} is not in UTC"
                )
            start = None if first == ".." else moment(first, last_of_day=False)
            end = None if last == ".." else moment(last, last_of_day=True)
            for side, known in ((start, truth.start), (end, truth.end)):
                near = side == known
                if truth.in_days and side is not None and known is not None:
                    near = abs(side - known) < _NEAR
                require(near, f"{truth.id} has a time {side} where {known} is true")

    subject.each(check)


@requirement("json-fg/place", part=PART, needs=[*NEEDS, CRS + "crs"])
def places(subject: Subject) -> None:
    def check(name: str) -> None:
        degrees = {one.id: one for one in subject.located(name)}
        for uri in references(subject, name):
            there = {one.id: one for one in subject.dump(name, uri)}
            page = _page(subject, name, crs=uri)
            for one in page["features"]:
                key = str(one["id"])
                reference = one.get("coordRefSys", page.get("coordRefSys", CRS84))
                if uri == CRS84:
                    require(one["place"] is None, f"{key} has a place although its geometry says it all")
                    require(
                        one["geometry"] == degrees[key].raw["geometry"],
                        f"{key} has another geometry than GeoJSON",
                    )
                    continue
                require(reference == uri, f"{key} is said to be in {reference}, asked was {uri}")
                truth = there[key].geometry
                require(
                    truth is None or shape(one["place"]).equals(truth), f"{key}: place differs from crs={uri}"
                )
                held = one["geometry"] is None or one["geometry"] == degrees[key].raw["geometry"]
                require(held, f"{key}: geometry is not in CRS84")

    subject.each(check)


@requirement(
    "json-fg/profiles",
    part=PART,
    needs=[*NEEDS, JSON_FG + "profiles"],
    also=[JSON_FG + "api", SCHEMAS + "profile-parameter"],
)
def profiles(subject: Subject) -> None:
    def check(name: str) -> None:
        subject.some(name)
        path = f"/collections/{name}/items"
        for profile in ("rfc7946", "jsonfg", "jsonfg-plus"):
            answer = subject.service.ok(path, {"profile": profile, "limit": 3}, Accept=GEOJSON)
            told = f'/profile/OGC/0/{profile}>; rel="profile"'
            linked = told in answer.header("Link") or told in answer.body.decode()
            by_link = any(link["rel"] == "profile" for link in answer.json.get("links", ()))
            require(linked or by_link, f"{answer} has no link `profile`")
            for one in answer.json["features"]:
                require(("time" in one) == (profile != "rfc7946"), f"{answer}: `time` of {one['id']}")
        subject.service.refused(path, {"profile": "no-such-profile"})

    subject.each(check)


@requirement("json-fg/types-schemas", part=PART, needs=[*NEEDS, JSON_FG + "types-schemas"])
def types(subject: Subject) -> None:
    def check(name: str) -> None:
        subject.some(name)
        page = _page(subject, name)
        require(isinstance(page.get("featureType"), str), f"featureType is {page.get('featureType')}")
        address = page.get("featureSchema")
        require(isinstance(address, str), f"featureSchema is {address}")
        require(
            subject.service.ok(str(address), Accept=SCHEMA).media_type == SCHEMA, f"{address} is no {SCHEMA}"
        )

    subject.each(check)
