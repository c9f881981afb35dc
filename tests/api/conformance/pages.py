"""Pages for people, and the description of the interface."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from openapi_spec_validator import validate

from tests.api.conformance.landing import CORE, documents
from tests.api.conformance.requirements import COMMON_1, COMMON_2, FEATURES, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import GEOJSON, HTML, JSON, links

if TYPE_CHECKING:
    from tests.api.conformance.service import Answer
    from tests.api.conformance.subject import Json, Subject

PART = "HTML and OpenAPI"
OAS30 = FEATURES + "oas30"
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_MAY_STAY_OPEN = {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "option", "html", "head", "body"}


class _Reader(HTMLParser):
    """Reads a page: its links, and what is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.mistakes: list[str] = []
        self.language = ""
        self.doctype = ""

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl.lower()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        named = dict(attrs)
        if len(named) < len(attrs):
            self.mistakes.append(f"<{tag}> has an attribute twice")
        if tag == "html":
            self.language = named.get("lang") or ""
        if tag in {"a", "link"} and named.get("href"):
            self.links.add(str(named["href"]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in _MAY_STAY_OPEN:
            self.open.pop()
        if not self.open or self.open[-1] != tag:
            if tag not in {"svg", "path", "circle"}:
                self.mistakes.append(f"</{tag}> closes nothing (open: {self.open[-2:]})")
            return
        self.open.pop()


def read(answer: Answer) -> _Reader:
    """Read a page."""
    reader = _Reader()
    reader.feed(answer.body.decode("utf-8"))
    reader.close()
    return reader


@requirement(
    "html/definition", part=PART, needs=[FEATURES + "html"], also=[COMMON_1 + "html", COMMON_2 + "html"]
)
def every_page(subject: Subject) -> None:
    for path in _pages(subject):
        answer = subject.service.ok(path, Accept="text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
        require(answer.media_type == HTML, f"{answer}, required {HTML}")
        page = read(answer)
        require(page.doctype == "doctype html", f"{answer} does not begin with <!doctype html>")
        require(not page.mistakes, f"{answer}: {page.mistakes[:2]}")
        require(page.language, f"{answer} does not say its language")
        require(
            {"title", "main"} <= page.seen or {"title", "h1"} <= page.seen,
            f"{answer} has no title or heading",
        )


@requirement("html/content", part=PART, needs=[FEATURES + "html"])
def links_of_pages(subject: Subject) -> None:
    for path in _pages(subject):
        media_type = GEOJSON if "/items" in path else JSON
        told = subject.service.ok(path, Accept=media_type).json
        answer = subject.service.ok(path, Accept=HTML)
        there = {_address(urljoin(subject.service.base + "/", href)) for href in read(answer).links}
        for link in told.get("links", ()):
            if link.get("templated") or link["rel"] in {"self", "alternate"}:
                continue
            require(_address(link["href"]) in there, f"{answer} has no <a> to {link['href']} ({link['rel']})")


def _address(href: str) -> str:
    """Path and query of an address without its format: a page may lead on to a page."""
    parts = urlsplit(href)
    query = "&".join(sorted(part for part in parts.query.split("&") if part and not part.startswith("f=")))
    return unquote(parts.path.rstrip("/") + (f"?{query}" if query else ""))


def _pages(subject: Subject) -> list[str]:
    """What has a page: all but the description for programs and the schemas."""
    described = {link["href"] for link in links(subject.landing, "service-desc")}
    return [path for path in documents(subject) if path not in described and not path.startswith("http")]


_VALID: set[str] = set()
"""Documents that were found valid: to check one takes seconds, and two stores have the same."""


def _check(document: Json) -> None:
    """Hold a description to its specification."""
    text = json.dumps(document, sort_keys=True)
    if text not in _VALID:
        validate(document)
        _VALID.add(text)


@requirement("oas30/oas-definition", part=PART, needs=[OAS30], also=[COMMON_1 + "oas30"])
def definition(subject: Subject) -> None:
    require(subject.openapi["openapi"].startswith("3.0."), f"openapi is {subject.openapi['openapi']}")
    _check(subject.openapi)
    require(links(subject.landing, "service-doc"), "no link `service-doc`")
    require(
        "anyOf" not in str(subject.openapi) or "'type': 'null'" not in str(subject.openapi),
        "null is no type in 3.0",
    )


@requirement("oas31/definition", part=PART)
def definition_31(subject: Subject) -> None:
    newer = [one for one in links(subject.landing, "service-desc") if "3.1" in one.get("type", "")]
    if not newer:
        raise NothingToTest("no service-desc of version 3.1")
    document = subject.service.ok(newer[0]["href"], Accept=newer[0]["type"]).json
    require(document["openapi"].startswith("3.1."), f"openapi is {document['openapi']}")
    _check(document)
    require(document["paths"].keys() == subject.openapi["paths"].keys(), "3.0 and 3.1 describe other paths")


def parameters(subject: Subject, path: str, *, of: str = "") -> dict[str, Json]:
    """Parameters of the operation that a path would reach."""
    template = match(subject.openapi, path)
    require(template is not None, f"no path of the description matches {path}{of}")
    item = subject.openapi["paths"][template]
    named = [*item.get("parameters", ()), *item["get"].get("parameters", ())]
    return {one["name"]: one for one in (resolved(subject.openapi, one) for one in named)}


def resolved(document: Json, part: Json) -> Json:
    """Follow a reference."""
    while "$ref" in part:
        found: Json = document
        for key in part["$ref"].removeprefix("#/").split("/"):
            found = found[key.replace("~1", "/").replace("~0", "~")]
        part = found
    return part


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Make the pattern of the paths of a template."""
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)))


def match(document: Json, path: str) -> str | None:
    """Find the template of a path; what has fewer variables is the better one."""
    path = path or "/"
    if path in document["paths"]:
        return path
    fitting = [template for template in document["paths"] if _pattern(template).fullmatch(path)]
    return min(fitting, key=lambda one: one.count("{"), default=None)


@requirement("oas30/fc-parameters", part=PART, needs=[OAS30, CORE])
def forms_of_parameters(subject: Subject) -> None:
    for one in subject.collections:
        named = parameters(subject, f"/collections/{one['id']}/items")
        for name, kind in {"bbox": "array", "limit": "integer", "datetime": "string"}.items():
            require(name in named, f"items of {one['id']} have no parameter {name}")
            told = named[name]
            require(told["in"] == "query", f"{name} is in {told['in']}")
            require(told.get("required", False) is False, f"{name} is required")
            require(told.get("style") == "form", f"{name} has style {told.get('style')}")
            require(told.get("explode") is False, f"{name} has explode {told.get('explode')}")
            schema = resolved(subject.openapi, told["schema"])
            require(schema.get("type") == kind, f"{name} is of type {schema.get('type')}")
        box, limit = (resolved(subject.openapi, named[name]["schema"]) for name in ("bbox", "limit"))
        require((box.get("minItems"), box.get("maxItems")) == (4, 6), f"bbox has {box}")
        require(box["items"].get("type") == "number", f"bbox has {box}")
        require(0 <= limit["minimum"] <= limit["default"] <= limit["maximum"], f"limit has {limit}")


@requirement("oas30/completeness", part=PART, needs=[OAS30])
def completeness(subject: Subject) -> None:
    prefix = urlsplit(subject.service.base).path
    for path in documents(subject):
        below = urlsplit(path).path.removeprefix(prefix)
        if not below.startswith("/openapi"):
            require(match(subject.openapi, below) is not None, f"the description has no path for {path}")


def undocumented(subject: Subject) -> list[str]:
    """What was observed during the whole trial and stands not in the description."""
    prefix = urlsplit(subject.service.base).path
    found: dict[str, None] = {}
    for answer in subject.service.log:
        below = urlsplit(answer.target).path.removeprefix(prefix)
        template = match(subject.openapi, below)
        if template is None or answer.method not in {"GET", "HEAD"}:
            continue
        operation = subject.openapi["paths"][template]["get"]
        response = operation["responses"].get(str(answer.status))
        if response is None:
            found[f"GET {template} answers {answer.status}"] = None
            continue
        content = resolved(subject.openapi, response).get("content", {})
        types = {one.split(";")[0] for one in content}
        if answer.status not in {204, 304} and answer.media_type not in types:
            found[f"GET {template} answers {answer.status} with {answer.media_type}"] = None
    return list(found)
