"""Where to begin: the landing page, what is conformed to, and the description of the interface."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api.answers import answer, encoded
from api.connection import depends_on
from api.formats import media
from api.openapi import newer
from api.plain import Plain
from api.queries import no_parameters
from api.routes import collections
from api.schemas.common import Conformance, Landing

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.schemas.common import Answer, Link
    from api.settings import ApiSettings

_VARY = {"Vary": "Accept-Encoding"}

_OGC = "http://www.opengis.net/spec/"

CONFORMS_TO = tuple(
    f"{_OGC}{standard}/conf/{name}"
    for standard, names in {
        "ogcapi-common-1/1.0": ("core", "landing-page", "json", "html", "oas30"),
        "ogcapi-common-2/1.0": ("collections", "json", "html"),
        "ogcapi-features-1/1.0": ("core", "geojson", "html", "oas30"),
        "ogcapi-features-2/1.0": ("crs",),
        "ogcapi-features-3/1.0": (
            "queryables",
            "queryables-query-parameters",
            "filter",
            "features-filter",
        ),
        "cql2/1.0": (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "array-functions",
            "property-property",
            "arithmetic",
        ),
        "ogcapi-features-5/1.0": (
            "schemas",
            "core-roles-features",
            "returnables-and-receivables",
            "profile-parameter",
        ),
        "ogcapi-features-6/1.0": ("properties", "properties-features"),
        "ogcapi-features-8/1.0": ("sortables", "sorting", "features-sorting"),
        "ogcapi-tiles-1/1.0": (
            "core",
            "tileset",
            "tilesets-list",
            "geodata-tilesets",
            "dataset-tilesets",
            "mvt",
            "oas30",
        ),
        "tms/2.0": ("tilematrixset", "json-tilematrixset"),
        "json-fg-1/1.0": ("core", "types-schemas", "profiles", "api"),
    }.items()
    for name in names
)
"""Only what is kept in full."""


def router(settings: ApiSettings, describe: Callable[[], dict[str, Any]]) -> APIRouter:
    """
    Make the routes.

    Parameters
    ----------
    settings
        Names and lifetimes.
    describe
        Gives the OpenAPI document.

    Returns
    -------
    APIRouter
        The routes.
    """
    routes = APIRouter(tags=["landing"], route_class=Plain)
    lifetime = settings.cache_lifetime

    # Many clients put a slash behind whatever address they are given.
    @routes.get("/", include_in_schema=False)
    @routes.get("", summary="Where to begin", response_model=Landing, openapi_extra=_extra())
    def landing(request: Request) -> Response:
        """Links to everything else."""
        language = collections.language_of(request)
        links = _landing_links(to.Links(request))
        body = Landing(title=settings.title, description=_ABOUT[language], links=links)
        return _send(request, body, links, language, lifetime)

    @routes.get(
        "/conformance",
        summary="What is conformed to",
        response_model=Conformance,
        openapi_extra=_extra(),
    )
    def conformance(request: Request) -> Response:
        """List the requirements classes that are kept in full."""
        language = collections.language_of(request)
        links = to.Links(request).formats(media.RESOURCE, media.JSON)
        return _send(request, Conformance(links=links, conforms_to=CONFORMS_TO), links, language, lifetime)

    @routes.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> Response:
        """Describe the interface for programs."""
        no_parameters(request)
        depends_on(request, None)
        return answer(request, encoded(describe()), media_type=to.OPENAPI, lifetime=lifetime, headers=_VARY)

    @routes.get("/openapi-3.1.json", include_in_schema=False)
    def newer_openapi(request: Request) -> Response:
        """Describe the interface for programs that know JSON schema as it is now."""
        no_parameters(request)
        depends_on(request, None)
        body = encoded(newer(describe()))
        return answer(request, body, media_type=to.NEWER_OPENAPI, lifetime=lifetime, headers=_VARY)

    @routes.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        """Describe the interface for people, without a request to anywhere."""
        no_parameters(request)
        body = _page(describe()).encode()
        return answer(request, body, media_type="text/html; charset=utf-8", lifetime=timedelta(0))

    return routes


_ABOUT = {
    "nl": "Wekelijkse, getoetste en uitlegbare hotspots van incidenten per buurt.",
    "en": "Weekly, tested and explainable hotspots of incidents per neighbourhood.",
}


def _extra() -> dict[str, Any]:
    """Describe the parameters of what is about the service."""
    return {"parameters": [one.document() for one in collections.TAKEN]}


def _send(
    request: Request, body: Answer, links: tuple[Link, ...], language: str, lifetime: timedelta
) -> Response:
    """Answer with what is the same for everybody and all data."""
    depends_on(request, None)
    headers = {
        "Link": to.header(links),
        "Content-Language": language,
        "Vary": "Accept, Accept-Encoding",
    }
    return answer(request, body.encoded(), media_type=to.JSON, lifetime=lifetime, headers=headers)


def _landing_links(links: to.Links) -> tuple[Link, ...]:
    """Everything that can be reached from the landing page."""
    return (
        *links.formats(media.RESOURCE, media.JSON),
        links.to("/openapi.json", "service-desc", to.OPENAPI, "Description of the interface (OpenAPI 3.0)"),
        links.to(
            "/openapi-3.1.json",
            "service-desc",
            to.NEWER_OPENAPI,
            "Description of the interface (OpenAPI 3.1)",
        ),
        links.to("/docs", "service-doc", to.HTML, "Description of the interface for people"),
        links.to("/conformance", "conformance", to.JSON, "What is conformed to"),
        links.to("/conformance", f"{to.RELATIONS}conformance", to.JSON, "What is conformed to"),
        links.to("/collections", "data", to.JSON, "All collections of features"),
        links.to("/collections", f"{to.RELATIONS}data", to.JSON, "All collections of features"),
        links.to("/tiles", f"{to.RELATIONS}tilesets-vector", to.JSON, "Vector tiles of everything"),
        links.to("/tileMatrixSets", f"{to.RELATIONS}tiling-schemes", to.JSON, "How maps are cut into tiles"),
        links.to("/weeks", "related", to.JSON, "Published weeks with their editions"),
        links.to("/rankings/latest", "related", to.JSON, "The newest list"),
        links.to("/backing", "related", to.JSON, "Hit rates of the lists, week by week"),
    )


def _page(document: dict[str, Any]) -> str:
    """Write the description as a plain page: no script, no style, nothing from elsewhere."""
    info = document["info"]
    prefix = document["servers"][0]["url"]
    paths = document["paths"].items()
    sections = [_section(_address(path, item, prefix), item["get"]) for path, item in paths]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{html.escape(info['title'])}: interface</title>\n</head>\n<body>",
            f"<h1>{html.escape(info['title'])}: interface {html.escape(info['version'])}</h1>",
            *(f"<p>{html.escape(part)}</p>" for part in info["description"].split("\n\n")),
            f'<p><a href="{prefix}/openapi.json">The same for programs</a></p>',
            *sections,
            "</body>\n</html>\n",
        ]
    )


def _address(path: str, item: dict[str, Any], prefix: str) -> str:
    """Put a path behind the server that it is on; the landing page's ends without a slash."""
    server = item["servers"][0]["url"] if "servers" in item else prefix
    return str(server.rstrip("/") + path).rstrip("/")


def _section(path: str, operation: dict[str, Any]) -> str:
    """Describe one address."""
    lines = [
        f"<h2>{html.escape(operation['summary'])}</h2>",
        f"<p><code>GET {html.escape(path)}</code></p>",
        f"<p>{html.escape(operation['description'])}</p>",
    ]
    parameters = operation.get("parameters", ())
    if parameters:
        described = (
            f"<dt><code>{html.escape(one['name'])}</code></dt><dd>{html.escape(one['description'])} "
            f"Example: <code>{html.escape(_example(one['example']))}</code></dd>"
            for one in parameters
        )
        lines += ["<dl>", *described, "</dl>"]
    return "\n".join(lines)


def _example(value: object) -> str:
    """Write an example as it stands in an address."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
