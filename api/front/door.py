"""
The outermost door of the service: what is kept is answered here, before anything is routed.

It is a plain ASGI application around another, and knows no framework. Everything that is not kept goes in
through a gate that lets only so many in at once; every answer gets an id, a line in the journal and its place
in the figures.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from api import problems
from api.access.locality import HANDED_ON
from api.front import asked, tags
from api.front.figures import Figures
from api.front.gate import Gate
from api.front.journal import Ids, Journal, Line
from api.front.reply import Reply, unwired
from api.front.shelf import Shelf
from api.headers import Envelope
from api.settings import Metrics
from hotspot.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.front.asked import Signature
    from api.front.shelf import Kept
    from api.settings import ApiSettings
    from hotspot.errors import HotspotError

_UNGATED = ("/health", "/health/live", "/health/ready")
"""Whether the service lives must be told above all when it has too much to do."""

_METRICS = "/metrics"

_OF_PROXIES = HANDED_ON | {b"x-forwarded-proto"}


class Front:
    """
    Stands before an application.

    Parameters
    ----------
    app
        The application.
    settings
        How much is kept, how many are let in, what is told of it.
    write
        Takes lines of the journal; None writes none.
    """

    def __init__(
        self, app: ASGIApp, settings: ApiSettings, *, write: Callable[[str], object] | None = None
    ) -> None:
        self._app = app
        self._settings = settings
        self.shelf = Shelf(settings.kept_mib * 2**20)
        self.gate = Gate(
            at_work=settings.requests_at_work,
            waiting=settings.requests_waiting,
            patience=settings.time_to_answer,
        )
        self.figures = Figures(self.shelf, self.gate)
        self.journal = Journal(write)
        self.hosts: dict[tuple[str, bytes, bool], None] = {}
        self.admit: Callable[[Scope], HotspotError | None] = _admit_all
        self._ids = Ids()
        self._n_streams = 0

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
        began = time.perf_counter()
        sent = asked.headers(scope)
        request_id = self._ids.of(sent.get(b"x-request-id"))
        signature = asked.signature(scope, sent)
        kept = None if signature is None else self.shelf.find(signature)
        refused = None if kept is None else self.admit(scope)
        if kept is not None and refused is None:
            status, n_bytes = await _send_kept(scope["method"], sent, kept, send, request_id)
            self._note(scope, request_id, status, time.perf_counter() - began, n_bytes, is_kept=True)
            return
        if self._tells_figures(scope, sent):
            await self._figures(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = request_id.decode("latin-1")
        passage = _Passage(self)
        reply = self._reply(scope, send, passage, sent, signature)
        reply.request_id = request_id
        try:
            if refused is not None:
                await Envelope(problems.response(refused))(scope, receive, reply)
                return
            await self._let_in(self._inner(scope, sent, signature, reply), receive, reply, passage)
        finally:
            seconds = time.perf_counter() - began
            self._note(scope, request_id, reply.status, seconds, reply.n_bytes, is_kept=False)
        if signature is not None and reply.status < 400:  # noqa: PLR2004 - a status
            self._remember((signature[0], signature[1], signature[-1]))

    def at_once(self, scope: Scope) -> tuple[int, bytes, bytes] | None:
        """
        Answer from what is kept, without waiting for anything: for a server that can send bytes as they are.

        Parameters
        ----------
        scope
            The request.

        Returns
        -------
        tuple of int and bytes and bytes
            Status, headers up to the empty line, and body; absent if it has to be asked for as ever.
        """
        began = time.perf_counter()
        sent = asked.headers(scope)
        # What a proxy says of the caller is for the layers between the server and here.
        if not _OF_PROXIES.isdisjoint(sent):
            return None
        signature = asked.signature(scope, sent)
        kept = None if signature is None else self.shelf.find(signature)
        if kept is None or self.admit(scope) is not None:
            return None
        request_id = self._ids.of(sent.get(b"x-request-id"))
        status, wire, body = kept.status, kept.wire, b"" if scope["method"] == "HEAD" else kept.body
        held = sent.get(b"if-none-match")
        if held is not None and tags.holds(held, kept.tag, kept.coding):
            status, wire, body = 304, kept.wire_unchanged, b""
        self._note(scope, request_id, status, time.perf_counter() - began, len(body), is_kept=True)
        return status, b"%bx-request-id: %b\r\n\r\n" % (wire, request_id), body

    async def fill(self, scope: Scope) -> None:
        """
        Make an answer for nobody, so that it is kept.

        Parameters
        ----------
        scope
            A request whose state says `warming`.
        """
        sent = asked.headers(scope)
        signature = asked.signature(scope, sent)
        if signature is not None and self.shelf.find(signature) is None:
            passage = _Passage(self)
            await self._let_in(
                scope, _nothing, self._reply(scope, _nowhere, passage, sent, signature), passage
            )

    def _reply(
        self,
        scope: Scope,
        send: Send,
        passage: _Passage,
        sent: Mapping[bytes, bytes],
        signature: Signature | None,
    ) -> Reply:
        """Prepare what the answer passes through."""
        return Reply(
            scope, send, sent=sent, signature=signature, shelf=self.shelf, stream_begins=passage.stream
        )

    async def _let_in(self, inner: Scope, receive: Receive, reply: Reply, passage: _Passage) -> None:
        """Let a request in when there is a place; tell it to come back when there is none."""
        try:
            if inner["path"] not in _UNGATED:
                await self.gate.enter()
                passage.is_inside = True
        except Busy as refused:
            await Envelope(problems.response(refused))(inner, receive, reply)
            return
        try:
            await self._app(inner, _until(reply, receive), reply)
        finally:
            passage.end()

    def _inner(
        self, scope: Scope, sent: Mapping[bytes, bytes], signature: Signature | None, reply: Reply
    ) -> Scope:
        """Make the request that the application sees: HEAD is GET to it, and it knows of no codings."""
        inner = scope
        if scope["method"] == "HEAD":
            inner = {**scope, "method": "GET"}
        held = sent.get(b"if-none-match")
        if held is not None:
            headers = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]
            # An answer that will be kept is needed as a whole, whatever this caller holds of it.
            wanted = signature is not None and self.shelf.is_wanted(signature)
            left = b"" if wanted else tags.uncoded(held, reply.coding)
            if left:
                headers.append((b"if-none-match", left))
            inner = {**inner, "headers": headers}
        return inner

    def _tells_figures(self, scope: Scope, sent: Mapping[bytes, bytes]) -> bool:
        """Tell whether figures are asked for by somebody who may read them."""
        allowed = self._settings.metrics
        if scope["path"] != _METRICS or allowed is Metrics.OFF:
            return False
        client = scope.get("client")
        is_local = client is not None and client[0] in asked.LOOPBACK and HANDED_ON.isdisjoint(sent)
        return allowed is Metrics.EVERYONE or is_local

    async def _figures(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell the figures."""
        from api.front import exposition  # noqa: PLC0415 -- it is large, and seldom asked for

        page = exposition.page(self.figures)
        headers = [(b"content-type", exposition.MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(page))]
        headers.append((b"cache-control", b"no-store"))

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 -- as ASGI has it
            start: Message = {"type": "http.response.start", "status": 200, "headers": headers}
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await Envelope(answer)(scope, receive, send)

    def _note(
        self, scope: Scope, request_id: bytes, status: int, seconds: float, n_bytes: int, *, is_kept: bool
    ) -> None:
        """Count a request and write its line."""
        self.figures.count(status=status, is_kept=is_kept, seconds=seconds, n_bytes=n_bytes)
        if not self.journal.is_kept:
            return
        caller = None if is_kept else scope["state"].get("caller")
        self.journal.note(
            Line(
                at_s=time.time(),
                request_id=request_id.decode("latin-1"),
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"],
                status=status,
                seconds=seconds,
                n_bytes=n_bytes,
                is_kept=is_kept,
                caller="" if caller is None else str(caller.name),
                level="" if caller is None else str(caller.level),
            )
        )

    def _remember(self, which: tuple[str, bytes, bool]) -> None:
        """Note under which names the service is asked: links are absolute, so answers are kept for each."""
        if which not in self.hosts:
            while len(self.hosts) >= self._settings.hosts_warmed:
                if not self.hosts:
                    return
                del self.hosts[next(iter(self.hosts))]
            self.hosts[which] = None

    def begin_stream(self) -> Busy | None:
        """
        Count one more answer that comes in pieces.

        Returns
        -------
        Busy or None
            The refusal if so many come in pieces already that there is no place for another.
        """
        if self._n_streams >= self._settings.streams:
            return Busy(
                f"at most {self._settings.streams} whole collections are sent at once; ask again later"
            )
        self._n_streams += 1
        return None

    def end_stream(self) -> None:
        """Count one less."""
        self._n_streams -= 1


class _Passage:
    """One request on its way through: it leaves the gate when its answer turns out to be a long one."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self.is_inside = False
        self.is_stream = False

    def stream(self) -> Busy | None:
        """Give the place at the gate to others: slow readers of collections must not hold up the rest."""
        refused = self._front.begin_stream()
        self.is_stream = refused is None
        self._leave()
        return refused

    def end(self) -> None:
        """Give back what is held."""
        self._leave()
        if self.is_stream:
            self._front.end_stream()

    def _leave(self) -> None:
        """Leave the gate, once."""
        if self.is_inside:
            self.is_inside = False
            self._front.gate.leave()


def _until(reply: Reply, receive: Receive) -> Receive:
    """Tell an application that the caller has left once the answer has ended: at the head of a stream."""
    has_all = False

    async def received() -> Message:
        nonlocal has_all
        if not has_all:
            message = await receive()
            has_all = not message.get("more_body", False)
            return message
        leaving = [asyncio.ensure_future(receive()), asyncio.ensure_future(reply.ended.wait())]
        try:
            await asyncio.wait(leaving, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in leaving:
                one.cancel()
        return {"type": "http.disconnect"}

    return received


def _admit_all(_: Scope) -> None:
    """Let everybody have what is kept."""


async def _nothing() -> Message:
    """Ask nothing more."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def _nowhere(_: Message) -> None:
    """Take a message that nobody waits for."""


async def _send_kept(
    method: str, sent: Mapping[bytes, bytes], kept: Kept, send: Send, request_id: bytes
) -> tuple[int, int]:
    """Send what is kept; tell the status and the size of the body."""
    held = sent.get(b"if-none-match")
    if held is not None and tags.holds(held, kept.tag, kept.coding):
        status, wire, body = 304, kept.wire_unchanged, b""
    else:
        status, wire, body = kept.status, kept.wire, b"" if method == "HEAD" else kept.body
    named = [*unwired(wire), (b"x-request-id", request_id)]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})
    return status, len(body)
