"""The map page and its files, and the map library out of the installed pydeck."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api.answers import answer
from api.front.shelf import Source
from api.linked import Linker
from api.queries import Parameter, Reader, no_parameters, told
from hotspot.errors import InvalidParameter, NotFound

if TYPE_CHECKING:
    from api.settings import ApiSettings

WEB = Path(__file__).parents[1] / "web"
"""The page's own files."""

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
"""What is served from the page's folder; whatever else lies there is not."""


def _nothing(text: str) -> None:
    """Take no value."""
    if text:
        raise InvalidParameter(f"embed must have no value, got {told(text)}")


EMBED = Parameter(
    "embed",
    _nothing,
    {"type": "string", "maxLength": 0},
    "Whether the page is a part of another one: it then shows the map and its legend alone.",
    "",
)

_KEPT_FILES = 256
"""Files of which the content is kept; the page has fewer."""


def router(settings: ApiSettings, *, folder: Path = WEB) -> APIRouter:
    """
    Make the routes.

    Parameters
    ----------
    settings
        Lifetimes.
    folder
        The page's files.

    Returns
    -------
    APIRouter
        The routes.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def index(request: Request) -> Response:
        """Serve the page; who shows it in a page of their own says so."""
        read = Reader(request)
        read.read(EMBED, None)
        read.finish()
        return _file(request, folder / "index.html", timedelta(0))

    @routes.get("/web/deck.js")
    def library(request: Request) -> Response:
        """Serve the map library."""
        no_parameters(request)
        return _file(request, bundle(), settings.asset_lifetime)

    linker = Linker(folder)

    @routes.get("/web/linked/{path:path}")  # noqa: FAST003 - as below
    def linked(request: Request) -> Response:
        """Serve the page's modules as one, or its style sheets."""
        no_parameters(request)
        path = str(request.path_params["path"])
        try:
            made = linker.linked(path)
        except OSError as error:
            raise NotFound(f"there is no file {told(path)}") from error
        if made is None:
            raise NotFound(f"there is no file {told(path)}")
        kind = MEDIA_TYPES[PurePosixPath(path).suffix]
        return _sent(request, made.body, made.sources, media_type=kind, lifetime=timedelta(0))

    @routes.get("/web/{path:path}")  # noqa: FAST003 - read from the request, as it came
    def file(request: Request) -> Response:
        """Serve one of the page's files."""
        no_parameters(request)
        return _file(request, _below(folder, str(request.path_params["path"])), timedelta(0))

    return routes


def bundle() -> Path:
    """
    Find deck.gl in the installed pydeck, without loading pydeck (and pandas with it).

    Returns
    -------
    Path
        The script.
    """
    return Path(str(distribution("pydeck").locate_file("pydeck/nbextension/static/index.js")))


def _below(folder: Path, path: str) -> Path:
    """Turn the end of an address into a file of the folder; links and dots lead nowhere else."""
    if not path.isprintable() or any(part.startswith(".") for part in path.split("/")):
        raise NotFound(f"there is no file {told(path)}")
    found = (folder / path).resolve()
    if not found.is_relative_to(folder.resolve()):
        raise NotFound(f"there is no file {told(path)}")
    return found


def _file(request: Request, path: Path, lifetime: timedelta) -> Response:
    """Answer with a file."""
    media_type = MEDIA_TYPES.get(path.suffix)
    try:
        source = Source.of(path)
        if media_type is None or not path.is_file():
            raise NotFound(f"there is no file {told(path.name)}")
        body = _content(path, source)
    except OSError as error:
        raise NotFound(f"there is no file {told(path.name)}") from error
    return _sent(request, body, (source,), media_type=media_type, lifetime=lifetime)


def _sent(
    request: Request, body: bytes, sources: tuple[Source, ...], *, media_type: str, lifetime: timedelta
) -> Response:
    """Answer with what was made of files."""
    # No data are in it: it is kept for as long as the files stay the same.
    request.state.version = None
    request.state.sources = sources
    return answer(request, body, media_type=media_type, lifetime=lifetime)


@lru_cache(_KEPT_FILES)
def _content(path: Path, source: Source) -> bytes:
    """Read a file once for as long as it stays the same."""
    del source  # It is here for the cache's key.
    return path.read_bytes()
