"""What is the same for every answer: HEAD and OPTIONS, security, version, and which pages may read it."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from api import problems
from api.settings import API_VERSION, PREFIX
from hotspot.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def policy(basemap: str | None = None, embedders: Collection[str] = ()) -> str:
    """
    Say what the page may load, and who may show it.

    Parameters
    ----------
    basemap
        Origin of a background map; absent where nothing comes from elsewhere.
    embedders
        Origins that may show the page in a frame.

    Returns
    -------
    str
        Value of `Content-Security-Policy`.
    """
    beside = "" if basemap is None else f" {basemap}"
    connections = "" if basemap is None else f"connect-src 'self'{beside}; "
    return (
        "default-src 'self'; worker-src 'self' blob:; "
        f"img-src 'self' blob: data:{beside}; {connections}style-src 'self'; "
        f"object-src 'none'; frame-ancestors {' '.join(embedders) or repr('none')}; "
        "base-uri 'none'; form-action 'self'"
    )


SECURITY = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # A proxy speaks TLS for the service, which cannot see it; where there is none, browsers leave this aside.
    "Strict-Transport-Security": "max-age=31536000",
}
"""The page draws with workers and images that are made on the spot; nothing comes from elsewhere."""

EXPOSED = (
    "API-Version, Content-Crs, Data-Version, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, "
    "WWW-Authenticate"
)
"""Headers that a page from elsewhere may read."""

CORS = {
    # For anonymous callers only: what everybody may see, every page may show. `api.access.cors` has the rest.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
}

PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}

CREDENTIALS = "Authorization, X-API-Key"
"""Headers that make a caller known: without them an open answer may be kept for all who send none either."""

DESCRIPTIONS = frozenset({f"{PREFIX}/openapi.json", f"{PREFIX}/openapi-3.1.json"})
"""What holds no data, and what any page may read, whoever asks: tools of other origins show it."""

EMBEDDED = (b"embed", b"embed=")
"""Queries of the page with which it is meant to be shown by others."""

_log = logging.getLogger(__name__)


class Envelope:
    """
    Wraps an application so that all its answers, those to errors too, come in the same envelope.

    Parameters
    ----------
    app
        The application.
    basemap
        Origin of a background map; absent for none.
    embedders
        Origins that may show the page in a frame.
    """

    def __init__(self, app: ASGIApp, *, basemap: str | None = None, embedders: Collection[str] = ()) -> None:
        self._app = app
        usual = SECURITY | {"Content-Security-Policy": policy(basemap)}
        self._of_page = _raw(usual)
        self._of_interface = _raw(usual | {"API-Version": API_VERSION})
        framed = SECURITY | {"Content-Security-Policy": policy(basemap, embedders)}
        if embedders:
            # It knows no list of origins, and browsers that heed it alone would show the page to nobody.
            del framed["X-Frame-Options"]
        self._of_embedded = _raw(framed)

    def _headers(self, scope: Scope) -> Mapping[bytes, bytes]:
        """Choose what an answer says of who may show and keep it."""
        if _is_interface(scope["path"]):
            return self._of_interface
        is_embedded = scope["path"] == "/" and scope["query_string"] in EMBEDDED
        return self._of_embedded if is_embedded else self._of_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one request.

        Parameters
        ----------
        scope, receive, send
            As ASGI has them.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        envelope = _Sender(
            send,
            self._headers(scope),
            is_head=scope["method"] == "HEAD",
            is_interface=_is_interface(scope["path"]),
            is_open=_is_anonymous(scope) or scope["path"] in DESCRIPTIONS,
        )
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, envelope)
            return
        if envelope.is_head:
            scope = {**scope, "method": "GET"}
        try:
            await self._app(scope, receive, envelope)
        except Exception as error:  # The outermost handler: what comes here is our own mistake.
            # The text of an error may hold all that was sent.
            told = redacted(traceback.format_exc())
            _log.error("no answer to %s\n%s", redacted(scope["path"]), told)
            if envelope.started:
                raise
            await problems.response(error)(scope, receive, envelope)


class _Sender:
    """Adds the headers to the start of an answer and leaves out the body of one to HEAD."""

    def __init__(
        self, send: Send, every: Mapping[bytes, bytes], *, is_head: bool, is_interface: bool, is_open: bool
    ) -> None:
        self._send = send
        self._every = every
        self.is_head = is_head
        self._is_interface = is_interface
        self._is_open = is_open
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.started = True
            kept = (pair for pair in message["headers"] if pair[0] not in self._every)
            message["headers"] = [*kept, *self._every.items()]
            if self._is_interface and self._is_open:
                headers = MutableHeaders(scope=message)
                for name, value in CORS.items():
                    headers.setdefault(name, value)
                headers.add_vary_header(CREDENTIALS)
        elif self.is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _raw(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    """Write headers as they are sent."""
    return {name.lower().encode(): value.encode() for name, value in headers.items()}


def _is_anonymous(scope: Scope) -> bool:
    """Tell whether an answer is for everybody."""
    # The door stands above this module; where there is none, nothing is for everybody.
    caller = scope.get("state", {}).get("caller")
    return caller is not None and caller.is_anonymous


def _is_interface(path: str) -> bool:
    """Tell what programs read from what belongs to the page."""
    return path == PREFIX or path.startswith(f"{PREFIX}/") or path == "/health"
