"""HTTP itself: validators, negotiation, compression, and what pages of other sites may read."""

from __future__ import annotations

import gzip
import importlib
from typing import TYPE_CHECKING

from tests.api.conformance.crs import references
from tests.api.conformance.landing import documents
from tests.api.conformance.requirements import requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import CRS84, GEOJSON, HTML

if TYPE_CHECKING:
    from tests.api.conformance.subject import Subject

PART = "HTTP"
ORIGIN = "https://map.example.org"
EXPOSED = {"content-crs", "etag", "link", "api-version"}


@requirement("http/etag-strong", part=PART)
def tags(subject: Subject) -> None:
    for path in documents(subject):
        answer = subject.service.ok(path)
        tag = answer.header("ETag")
        require(
            tag.startswith('"') and tag.endswith('"'), f"{answer} has the ETag {tag!r}, required a strong one"
        )
        again = subject.service.ask(path, fresh=True)
        require(
            again.header("ETag") == tag and again.body == answer.body, f"{answer} differs when asked again"
        )


@requirement("http/etag-varies", part=PART)
def tags_differ(subject: Subject) -> None:
    name = subject.collections[0]["id"]
    path = f"/collections/{name}/items"
    asked = [
        subject.service.ok(path, {"limit": 1}, Accept=GEOJSON),
        subject.service.ok(path, {"limit": 2}, Accept=GEOJSON),
        subject.service.ok(path, {"limit": 1}, Accept=HTML),
        *(
            subject.service.ok(path, {"limit": 1, "crs": uri}, Accept=GEOJSON)
            for uri in references(subject, name)[1:]
        ),
        subject.service.ok(path, {"limit": 1}, Accept=GEOJSON, Accept_Encoding="gzip"),
    ]
    tags = [answer.header("ETag") for answer in asked]
    different = {(answer.body, answer.header("Content-Crs"), answer.media_type) for answer in asked}
    require(len(set(tags)) >= len(different), f"different representations have one ETag: {tags}")


@requirement("http/not-modified", part=PART)
def not_modified(subject: Subject) -> None:
    for path in documents(subject):
        tag = subject.service.ok(path).header("ETag")
        for sent in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            answer = subject.service.ask(path, If_None_Match=sent)
            require(answer.status == 304, f"{answer} for If-None-Match: {sent}")
            require(answer.body == b"", f"{answer} has a body")
            require(answer.header("ETag") == tag, f"{answer} has the ETag {answer.header('ETag')}")
            require(
                answer.header("Cache-Control") and answer.header("Vary"),
                f"{answer} lacks Cache-Control or Vary",
            )
        other = subject.service.ask(path, If_None_Match='"something else"')
        require(other.status == 200, f"{other} although another ETag was sent")


@requirement("http/vary", part=PART)
def vary(subject: Subject) -> None:
    for path in documents(subject):
        answer = subject.service.ok(path)
        named = {one.strip().lower() for one in answer.header("Vary").split(",")}
        require("accept-encoding" in named, f"{answer} varies by {named}")
        if "/openapi" not in answer.target:
            require("accept" in named, f"{answer} varies by {named}, required Accept as well")


@requirement("http/not-acceptable", part=PART)
def not_acceptable(subject: Subject) -> None:
    for path in ("", "/collections", f"/collections/{subject.collections[0]['id']}/items"):
        subject.service.refused(path, status=406, Accept="image/png")
        subject.service.refused(path, status=406, Accept="application/json;q=0, */*;q=0")


@requirement("http/compression", part=PART)
def compression(subject: Subject) -> None:
    name = subject.collections[0]["id"]
    for path in ("/conformance", f"/collections/{name}/items"):
        plain = subject.service.ok(path, Accept_Encoding="identity")
        require(not plain.header("Content-Encoding"), f"{plain} is encoded although identity was asked for")
        for coding in ("gzip", "br", "zstd"):
            answer = subject.service.ok(path, Accept_Encoding=coding)
            require(answer.header("Content-Encoding") == coding, f"{answer} for Accept-Encoding: {coding}")
            require(_plain(answer.body, coding) == plain.body, f"{answer} in {coding} is another body")
            require(answer.header("ETag") != plain.header("ETag"), f"{answer} in {coding} has the same ETag")
            held = subject.service.ask(path, Accept_Encoding=coding, If_None_Match=answer.header("ETag"))
            require(held.status == 304, f"{held} for the ETag of {coding}")
        none = subject.service.ok(path, Accept_Encoding="gzip;q=0")
        require(not none.header("Content-Encoding"), f"{none} is encoded although gzip;q=0")


def _plain(body: bytes, coding: str) -> bytes:
    """Take off a content coding."""
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "br":
        decoded: bytes = importlib.import_module("brotli").decompress(body)
        return decoded
    reader = importlib.import_module("zstandard").ZstdDecompressor().decompressobj()
    text: bytes = reader.decompress(body)
    return text


@requirement("http/cors", part=PART)
def cors(subject: Subject) -> None:
    for path in documents(subject):
        answer = subject.service.ask(path, Origin=ORIGIN)
        if not answer.header("Access-Control-Allow-Origin"):
            raise NothingToTest("other sites may not read it; whether they may is a setting")
        require(answer.header("Access-Control-Allow-Origin") in {"*", ORIGIN}, f"{answer}")
        exposed = {one.strip().lower() for one in answer.header("Access-Control-Expose-Headers").split(",")}
        require(exposed >= EXPOSED, f"{answer} exposes {sorted(exposed)}")
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = subject.service.ask("/collections", method="OPTIONS", headers=asked)
    require(answer.status in {200, 204}, f"{answer}, required 200 or 204 to a preflight")
    require("GET" in answer.header("Access-Control-Allow-Methods"), f"{answer} does not allow GET")


@requirement("http/link-header", part=PART)
def link_header(subject: Subject) -> None:
    for one in subject.collections:
        answer = subject.service.ok(f"/collections/{one['id']}/items", {"limit": 1}, Accept=GEOJSON)
        for link in answer.json["links"]:
            if link["rel"] in {"next", "prev", "self"}:
                require(
                    f"<{link['href']}>" in answer.header("Link"),
                    f"{answer}: no Link header for {link['rel']}",
                )


@requirement("http/content-crs-everywhere", part=PART)
def content_crs(subject: Subject) -> None:
    for answer in subject.service.log:
        if answer.status == 200 and answer.media_type == GEOJSON:
            require(answer.header("Content-Crs").startswith("<"), f"{answer} has no Content-Crs")
    require(
        any(CRS84 in answer.header("Content-Crs") for answer in subject.service.log), "no Content-Crs at all"
    )
