"""
A server's end of a connection that sends kept answers before it has begun to ask the application.

It is uvicorn's own, which makes a task for each request and looks at each header of each answer: for bytes
that are kept, that alone takes most of the time. All other requests go on as they always do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast  # Any: the server wraps applications in others, of any kind.

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.front.door import Front

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_STATUS = {
    200: b"HTTP/1.1 200 OK\r\n",
    204: b"HTTP/1.1 204 No Content\r\n",
    304: b"HTTP/1.1 304 Not Modified\r\n",
}

_LARGE_BYTES = 65_536
"""Joining a larger body to its head takes longer than a second write."""


class Protocol(HttpToolsProtocol):
    """
    A connection.

    Parameters
    ----------
    *arguments, **named
        As the server has them.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- as uvicorn has them
        super().__init__(*arguments, **named)
        self._front = _front(self.app)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Send what is kept, else ask the application."""
        if self._front is None or not cycle.keep_alive or self.flow.write_paused:
            super()._start_asgi_task(cycle, app)
            return
        answer = self._front.at_once(cast("dict[str, Any]", cycle.scope))
        if answer is None:
            super()._start_asgi_task(cycle, app)
            return
        status, head, body = answer
        parts = [_STATUS[status]]
        for name, value in cycle.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts.append(head)
        if len(body) < _LARGE_BYTES:
            parts.append(body)
            body = b""
        cycle.response_started = cycle.response_complete = True
        cycle.transport.write(b"".join(parts))
        if body:
            cycle.transport.write(body)
        cycle.on_response()


def _front(app: Any) -> Front | None:  # noqa: ANN401 -- as above
    """Find the front behind what the server has put before it."""
    while app is not None:
        front = app if isinstance(app, Front) else getattr(app, "front", None)
        if isinstance(front, Front):
            return front
        app = getattr(app, "app", None)
    return None
