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
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; worker-src 'self' blob:; img-src 'self' blob: data:; style-src 'self'; "
        "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
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

_OF_ALL = {name.lower().encode(): value.encode() for name, value in SECURITY.items()}
_OF_INTERFACE = {**_OF_ALL, b"api-version": API_VERSION.encode()}
"""Headers as they are sent."""

_log = logging.getLogger(__name__)


class Envelope:
    """
    Wraps an application so that all its answers, those to errors too, come in the same envelope.

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
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        envelope = _Sender(
            send,
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

    def __init__(self, send: Send, *, is_head: bool, is_interface: bool, is_open: bool) -> None:
        self._send = send
        self.is_head = is_head
        self._is_interface = is_interface
        self._is_open = is_open
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.started = True
            every = _OF_INTERFACE if self._is_interface else _OF_ALL
            kept = (pair for pair in message["headers"] if pair[0] not in every)
            message["headers"] = [*kept, *every.items()]
            if self._is_interface and self._is_open:
                headers = MutableHeaders(scope=message)
                for name, value in CORS.items():
                    headers.setdefault(name, value)
                headers.add_vary_header(CREDENTIALS)
        elif self.is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _is_anonymous(scope: Scope) -> bool:
    """Tell whether an answer is for everybody."""
    # The door stands above this module; where there is none, nothing is for everybody.
    caller = scope.get("state", {}).get("caller")
    return caller is not None and caller.is_anonymous


def _is_interface(path: str) -> bool:
    """Tell what programs read from what belongs to the page."""
    return path == PREFIX or path.startswith(f"{PREFIX}/") or path == "/health"
