"""The Dutch API Design Rules with their geospatial module."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.api.conformance.crs import NEEDS, references
from tests.api.conformance.pages import OAS30, undocumented
from tests.api.conformance.requirements import CRS, FEATURES, FILTER, requirement
from tests.api.conformance.service import require
from tests.api.conformance.subject import CRS84, GEOJSON, PROBLEM

if TYPE_CHECKING:
    from tests.api.conformance.subject import Json, Subject

PART = "Dutch rules"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
SECURE = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "",
    # The rules ask for it in every answer; the proxy that speaks TLS passes it on.
    "Strict-Transport-Security": "max-age=",
}

_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?!\.?\d*(Z|[+-]\d\d:\d\d))")


@requirement("adr/core/error-handling/problem-details", part=PART)
def problems(subject: Subject) -> None:
    seen = 0
    for answer in subject.service.log:
        if answer.status < 400 or answer.method == "HEAD":
            continue
        seen += 1
        require(answer.media_type == PROBLEM, f"{answer}, required {PROBLEM}")
        told: Json = json.loads(answer.body)
        require(told.get("status") == answer.status, f"{answer} says status {told.get('status')}")
        require(told.get("title") and told.get("detail"), f"{answer} lacks title or detail")
    require(seen, "nothing was refused")


@requirement("adr/core/error-handling/invalid-input", part=PART)
def bad_request(subject: Subject) -> None:
    for answer in subject.service.log:
        require(answer.status != 422, f"{answer}, required 400")
        require(answer.status < 500 or answer.status == 503, f"{answer}: a mistake of the service")


@requirement("adr/core/error-handling/all-errors", part=PART)
def all_errors(subject: Subject) -> None:
    path = f"/collections/{subject.collections[0]['id']}/items"
    answer = subject.service.refused(
        path, {"limit": "x", "bbox": "1", "datetime": "never", "unknownOne": "1"}
    )
    told = answer.body.decode()
    for name in ("limit", "bbox", "datetime", "unknownOne"):
        require(f'"{name}"' in told, f"{answer} does not tell the mistake in {name}")


@requirement("adr/core/version-header", part=PART)
def version_header(subject: Subject) -> None:
    for answer in subject.service.log:
        if answer.status < 400:
            version = answer.header("API-Version")
            require(re.fullmatch(r"\d+\.\d+\.\d+", version), f"{answer} has the API-Version {version!r}")


@requirement("adr/core/uri-version", part=PART, needs=[OAS30])
def version_in_address(subject: Subject) -> None:
    major = subject.openapi["info"]["version"].split(".")[0]
    require(re.fullmatch(r"\d+\.\d+\.\d+", subject.openapi["info"]["version"]), "info.version is no semver")
    for server in subject.openapi["servers"]:
        require(
            urlsplit(server["url"]).path.endswith(f"/v{major}"),
            f"the server {server['url']} names no version",
        )


@requirement("adr/core/publish-openapi", part=PART, needs=[OAS30])
def published(subject: Subject) -> None:
    answer = subject.service.ok("/openapi.json", Origin="https://example.org")
    require(answer.header("Access-Control-Allow-Origin") == "*", f"{answer} may not be read from elsewhere")
    require(answer.json["openapi"].startswith("3."), f"{answer} is no OpenAPI 3")


@requirement("adr/core/doc-openapi-contact", part=PART, needs=[OAS30])
def contact(subject: Subject) -> None:
    told = subject.openapi["info"].get("contact", {})
    require({"name", "email", "url"} <= told.keys(), f"info.contact is {told}")


@requirement("adr/core/transport/security-headers", part=PART)
def security(subject: Subject) -> None:
    for answer in subject.service.log:
        for name, value in SECURE.items():
            found = answer.header(name)
            require(found and value.lower() in found.lower(), f"{answer} has {name}: {found!r}")


@requirement("adr/core/no-trailing-slash", part=PART)
def no_slash(subject: Subject) -> None:
    subject.service.refused("/collections/", status=404)
    subject.service.refused(f"/collections/{subject.collections[0]['id']}/items/", status=404)


@requirement("adr/core/date-time/timezone", part=PART)
def time_zones(subject: Subject) -> None:
    for one in subject.collections:
        for feature in subject.dump(one["id"])[:50]:
            text = json.dumps(feature.raw)
            require(not _LOCAL_TIME.search(text), f"{feature.id} tells a time without its zone")
    require("+00:00" not in json.dumps(subject.collections), "an extent is not written with Z")


@requirement("geo/crs-list", part=PART, needs=NEEDS)
def systems(subject: Subject) -> None:
    for one in subject.collections:
        listed = references(subject, one["id"])
        require(listed[0] == CRS84, f"{one['id']} lists {listed[0]} first")
        for code in ("28992", "4258", "9067", "3857"):
            require(EPSG + code in listed, f"{one['id']} cannot be had in EPSG:{code}")


@requirement(
    "geo/parameters", part=PART, needs=[*NEEDS, FILTER + "filter", FEATURES + "geojson", CRS + "crs"]
)
def parameters(subject: Subject) -> None:
    name = subject.collections[0]["id"]
    path = f"/collections/{name}/items"
    for params in (
        {"crs": EPSG + "28992"},
        {"bbox": "0,300000,280000,625000", "bbox-crs": EPSG + "28992"},
        {},
    ):
        answer = subject.service.ok(path, params, Accept=GEOJSON)
        require(answer.header("Content-Crs"), f"{answer} has no Content-Crs")


@requirement("oas30/oas-impl", part="HTML and OpenAPI", needs=[OAS30])
def documented(subject: Subject) -> None:
    found = undocumented(subject)
    require(not found, f"{len(found)} answers are not in the description: {'; '.join(found[:6])}")
