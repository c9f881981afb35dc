"""What is the same for every answer: HEAD and OPTIONS, security, version, and which pages may read it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from api import problems
from api.settings import API_VERSION, PREFIX

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
}
"""The page draws with workers and images that are made on the spot; nothing comes from elsewhere."""

CORS = {
    # What is served is open; an answer does not depend on who asks, so that no `Vary: Origin` is needed.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "API-Version, Content-Crs, ETag, Link, Retry-After",
}

PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}

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
        envelope = _Sender(send, is_head=scope["method"] == "HEAD", is_open=_is_interface(scope["path"]))
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, envelope)
            return
        if envelope.is_head:
            scope = {**scope, "method": "GET"}
        try:
            await self._app(scope, receive, envelope)
        except Exception as error:  # The outermost handler: what comes here is our own mistake.
            _log.exception("no answer to %s", scope["path"])
            if envelope.started:
                raise
            await problems.response(error)(scope, receive, envelope)


class _Sender:
    """Adds the headers to the start of an answer and leaves out the body of one to HEAD."""

    def __init__(self, send: Send, *, is_head: bool, is_open: bool) -> None:
        self._send = send
        self.is_head = is_head
        self._is_open = is_open
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers.update(SECURITY)
            if self._is_open:
                headers.update(CORS)
                headers["API-Version"] = API_VERSION
        elif self.is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _is_interface(path: str) -> bool:
    """Tell what programs read from what belongs to the page."""
    return path == PREFIX or path.startswith(f"{PREFIX}/") or path == "/health"
