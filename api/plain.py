"""Routes whose functions read their requests and write their answers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from hotspot.errors import HotspotError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

    from fastapi import APIRouter
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from api.hands import Hands

    Endpoint = Callable[[Request], Response]
    Short = Callable[[Request], Awaitable[Response | None]]


_ENDS = 4
"""What the address of a tile ends in: how the plane is cut, level, row and column."""


class Plain(APIRoute):
    """A route that is described like any other, and is called with nothing but the request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """
        Leave out what the framework does between a request and a function that takes it as it is.

        Returns
        -------
        callable
            Runs the function beside the loop, since it waits for the store.
        """
        endpoint: Endpoint = self.endpoint

        async def handle(request: Request) -> Response:
            return await run_in_threadpool(endpoint, request)

        return handle


def shortened(short: Short) -> Callable[[Endpoint], Endpoint]:
    """
    Give a function a short way to its answer, which asks the store from the loop.

    Parameters
    ----------
    short
        Answers a request, or gives None where it cannot; it must not wait for anything but the store.

    Returns
    -------
    callable
        Marks the function, which answers whatever the short way does not.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__[_SHORT] = short
        return endpoint

    return mark


_SHORT = "short"


class Plains:
    """
    Answers at the addresses of plain routes without walking through all routes.

    Addresses are written out, or end in as many names as those of tiles.

    Parameters
    ----------
    app
        The application with all routes, which answers everything else.
    routers
        Their plain routes are answered here.
    prefix
        What stands before their addresses.
    hands
        Run the functions beside the loop.
    refusal
        Writes the answer to an error.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routers: Iterable[APIRouter],
        prefix: str,
        hands: Hands,
        refusal: Callable[[HotspotError], Response],
    ) -> None:
        self._app = app
        self._hands = hands
        self._refusal = refusal
        routes = [
            route
            for router in routers
            for route in router.routes
            if isinstance(route, Plain) and route.methods == {"GET"}
        ]
        self._endpoints: dict[str, Endpoint] = {
            prefix + route.path: route.endpoint for route in routes if "{" not in route.path
        }
        self._of_tiles: dict[str, tuple[Endpoint, list[str]]] = {}
        for route in routes:
            head, *ends = route.path.rsplit("/", _ENDS)
            names = [end.strip("{}") for end in ends if end.startswith("{")]
            if "{" not in head and len(names) == _ENDS:
                self._of_tiles[prefix + head] = route.endpoint, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one request.

        Parameters
        ----------
        scope, receive, send
            As ASGI has them.
        """
        found = self._endpoint(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        endpoint, scope["path_params"] = found
        short: Short | None = endpoint.__dict__.get(_SHORT)
        request = Request(scope, receive)
        try:
            answer = None if short is None else await short(request)
            if answer is None:
                answer = await self._hands.run(endpoint, request)
        except HotspotError as error:
            answer = self._refusal(error)
        await answer(scope, receive, send)

    def _endpoint(self, scope: Scope) -> tuple[Endpoint, dict[str, str]] | None:
        """Find the function for a request, and what its address says."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        path: str = scope["path"]
        root = scope.get("root_path", "")
        path = path.removeprefix(root) if root else path
        if path in self._endpoints:
            return self._endpoints[path], {}
        head, *ends = path.rsplit("/", _ENDS)
        if head not in self._of_tiles or not all(ends):
            return None
        endpoint, names = self._of_tiles[head]
        return endpoint, dict(zip(names, ends, strict=True))
