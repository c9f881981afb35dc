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
from api.queries import no_parameters
from api.schemas.common import Conformance, Landing, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import ApiSettings

CONFORMS_TO = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)
"""Only what is kept in full. Features core asks for `datetime` as well, which is not offered yet."""


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
    routes = APIRouter(tags=["landing"])
    lifetime = settings.cache_lifetime

    @routes.get("", summary="Where to begin", response_model=Landing)
    def landing(request: Request) -> Response:
        """Links to everything else."""
        no_parameters(request)
        body = Landing(title=settings.title, description=_ABOUT, links=_landing_links(to.Links(request)))
        headers = {"Link": to.header(body.links)}
        return answer(request, body.encoded(), media_type=to.JSON, lifetime=lifetime, headers=headers)

    @routes.get("/conformance", summary="What is conformed to", response_model=Conformance)
    def conformance(request: Request) -> Response:
        """List the requirements classes that are kept in full."""
        no_parameters(request)
        body = Conformance(conforms_to=CONFORMS_TO)
        return answer(request, body.encoded(), media_type=to.JSON, lifetime=lifetime)

    @routes.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> Response:
        """Describe the interface for programs."""
        no_parameters(request)
        return answer(request, encoded(describe()), media_type=to.OPENAPI, lifetime=lifetime)

    @routes.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        """Describe the interface for people, without a request to anywhere."""
        no_parameters(request)
        body = _page(describe()).encode()
        return answer(request, body, media_type="text/html; charset=utf-8", lifetime=timedelta(0))

    return routes


_ABOUT = "Weekly, tested and explainable hotspots of incidents per neighbourhood."


def _landing_links(links: to.Links) -> tuple[Link, ...]:
    """Everything that can be reached from the landing page."""
    collections = "http://www.opengis.net/def/rel/ogc/1.0/"
    return (
        links.itself(to.JSON),
        links.to("/openapi.json", "service-desc", to.OPENAPI, "Description of the interface (OpenAPI 3.0)"),
        links.to("/docs", "service-doc", to.HTML, "Description of the interface for people"),
        links.to("/conformance", "conformance", to.JSON, "What is conformed to"),
        links.to("/conformance", f"{collections}conformance", to.JSON, "What is conformed to"),
        links.to("/collections", "data", to.JSON, "Neighbourhoods, districts and hotspots"),
        links.to("/collections", f"{collections}data", to.JSON, "Neighbourhoods, districts and hotspots"),
        links.to("/weeks", "collection", to.JSON, "Published weeks with their editions"),
        links.to("/rankings/latest", "item", to.JSON, "The newest list"),
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
