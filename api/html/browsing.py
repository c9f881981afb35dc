"""
Pages for whoever asks for HTML: the same address is asked for its JSON, and that is shown.

Thus every address has a page, no route needs to know of it, and no page shows what its address does not tell.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from api.answers import entity_tag, matches
from api.formats import media, negotiation
from api.html import views
from api.settings import PREFIX

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.formats.negotiation import Language

_SHOWN = ("application/json", "application/geo+json", "application/schema+json")
"""Media types that are shown as pages."""

_ACCEPTED = b"application/geo+json, application/schema+json, application/json, */*;q=0.1"

_ELSEWHERE = (f"{PREFIX}/docs", f"{PREFIX}/openapi")
"""Begins addresses that are pages already, or of which browsers want what programs get."""

_TITLED = (PREFIX, f"{PREFIX}/conformance", f"{PREFIX}/collections")
_COLLECTIONS = f"{PREFIX}/collections/"
"""Addresses, and what begins addresses, whose JSON has titles in the language that is asked for."""

_KEPT_HEADERS = ("cache-control", "vary", "data-version", "content-crs", "link")
"""Headers of the JSON that hold for the page as well."""

_MOST_BYTES = 16 << 20
"""A JSON that is longer is sent as it is."""


class Browsing:
    """
    Shows as pages what the application inside tells as JSON.

    Parameters
    ----------
    app
        The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one request.

        Parameters
        ----------
        scope, receive, send
            As ASGI has them.
        """
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        if not _is_for_people(scope):
            await self._app(scope, receive, _varying(send))
            return
        request = Request(scope)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        language = _language(request, query)
        caught = _Caught(send)
        await self._app(_as_program(scope, query, language), receive, caught)
        if caught.is_page:
            await self._show(request, language, caught)(scope, receive, send)

    def _show(self, request: Request, language: Language, caught: _Caught) -> Response:
        """Make the page."""
        path = request.url.path[len(request.scope.get("root_path", "")) :]
        root = str(request.base_url).rstrip("/")
        hrefs: dict[str, str] = {
            one: str(request.url.include_query_params(lang=one)) for one in negotiation.LANGUAGES
        }
        has_formats = path in _TITLED or path.startswith(_COLLECTIONS)
        plain = str(request.url.include_query_params(f="json")) if has_formats else None
        body = views.page(json.loads(caught.body), views.Place(path, root, language, hrefs, plain))
        told = caught.headers
        headers = {name: told[name] for name in _KEPT_HEADERS if name in told}
        headers["vary"] = "Accept, Accept-Encoding, Accept-Language"
        headers["content-language"] = language
        headers["etag"] = entity_tag(media.HTML.content_type, body)
        if matches(request.headers.getlist("if-none-match"), headers["etag"]):
            return Response(status_code=304, headers=headers)
        return Response(body, headers={**headers, "content-type": media.HTML.content_type})


def _varying(send: Send) -> Send:
    """Say of each answer that has a page that it depends on what was accepted."""

    async def pass_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").partition(";")[0] in _SHOWN:
                named = {name.strip() for name in headers.get("vary", "").split(",")}
                if "Accept" not in named:
                    headers.add_vary_header("Accept")
        await send(message)

    return pass_on


def _is_for_people(scope: Scope) -> bool:
    """Tell whether a page is wanted: by `f`, else where the header likes HTML best of all."""
    path: str = scope["path"]
    if scope["method"] != "GET" or (path != PREFIX and not path.startswith(f"{PREFIX}/")):
        return False
    if path.startswith(_ELSEWHERE):
        return False
    query: bytes = scope["query_string"]
    if b"f=" in query:
        named = [value for name, value in parse_qsl(query.decode("latin-1")) if name == "f"]
        if named:
            return named == [media.HTML.name]
    return negotiation.prefers_page(Headers(scope=scope).get("accept", ""))


def _language(request: Request, query: list[tuple[str, str]]) -> Language:
    """Choose the language of a page; a wrong one is refused by whoever answers."""
    named = [value for name, value in query if name == "lang"]
    if named:
        return "nl" if named == ["nl"] else "en"
    return negotiation.best_language(request.headers.get("accept-language", ""))


def _as_program(scope: Scope, query: list[tuple[str, str]], language: Language) -> Scope:
    """Ask as a program would: without what only pages have."""
    path: str = scope["path"]
    kept = [(name, value) for name, value in query if name not in {"f", "lang"}]
    languages = [value for name, value in query if name == "lang"]
    if not languages and (path in _TITLED or (path.startswith(_COLLECTIONS) and "/items" not in path)):
        languages = [language]
    # Elsewhere no address knows of languages; a wrong one is refused wherever it is.
    if path in _TITLED or path.startswith(_COLLECTIONS) or languages not in ([], ["nl"], ["en"]):
        kept += [("lang", one) for one in languages]
    headers = MutableHeaders(scope={"headers": list(scope["headers"])})
    for name in ("if-none-match", "accept"):
        if name in headers:
            del headers[name]
    raw = [*headers.raw, (b"accept", _ACCEPTED)]
    return {**scope, "query_string": urlencode(kept).encode("latin-1"), "headers": raw}


class _Caught:
    """Holds back an answer that can be shown as a page; lets every other one through."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._parts: list[bytes] = []
        self._start: Message | None = None
        self.is_page = False
        self.headers = Headers()

    @property
    def body(self) -> bytes:
        """What was held back."""
        return b"".join(self._parts)

    async def __call__(self, message: Message) -> None:
        """Take a message."""
        if message["type"] == "http.response.start":
            self.headers = Headers(raw=message["headers"])
            kind = self.headers.get("content-type", "").partition(";")[0]
            self.is_page = message["status"] == 200 and kind in _SHOWN  # noqa: PLR2004 - a status
            if not self.is_page:
                await self._send(message)
        elif not self.is_page:
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
