"""An answer on its way out: coded, told apart by tags, cut to what was asked, and kept if it is worth it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from api import problems
from api.front import tags
from api.front.codings import LEAST_BYTES, Coding, chosen, coded, is_worthwhile, stream
from api.front.shelf import Kept
from api.headers import Envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Message, Scope, Send

    from api.front.asked import Signature
    from api.front.codings import Stream
    from api.front.shelf import RawHeaders, Shelf
    from hotspot.errors import Busy

_LARGE_BYTES = 65_536
"""Coding more than this at once would hold up other requests; a thread does it."""

_KEPT = (200, 204)
"""Answers that are worth keeping: that there is nothing takes as long to find out."""

_NO_ANSWER = 499
"""Noted where the caller left before there was an answer."""

_OF_A_BODY = frozenset({b"content-length", b"content-type", b"content-encoding", b"content-crs"})
"""Headers that have no place in an answer without a body (RFC 9110, 15.4.5)."""


class Reply:
    """
    Passes an answer on; called with each of its messages.

    Parameters
    ----------
    scope
        The request.
    send
        Takes the messages.
    sent
        Headers of the request.
    signature
        What the answer may be kept by; absent if it may not.
    shelf
        Where it may be kept.
    stream_begins
        Called when an answer turns out to come in pieces; gives an error if there is no place for it.
    """

    def __init__(
        self,
        scope: Scope,
        send: Send,
        *,
        sent: Mapping[bytes, bytes],
        signature: Signature | None,
        shelf: Shelf,
        stream_begins: Callable[[], Busy | None],
    ) -> None:
        self._scope = scope
        self._state = scope["state"]
        self._send = send
        self.request_id = b""
        self._signature = signature
        self._shelf = shelf
        self._stream_begins = stream_begins
        self._if_none_match = sent.get(b"if-none-match")
        # Of what is made to be kept nothing is sent, and what comes in pieces is not kept.
        self._is_head = scope["method"] == "HEAD" or self._state.get("warming", False)
        self.coding, self._is_forced = chosen(sent.get(b"accept-encoding", b""))
        self._start: Message | None = None
        self._stream: Stream | None = None
        self.ended = asyncio.Event()
        self.status = _NO_ANSWER
        self.n_bytes = 0

    async def __call__(self, message: Message) -> None:
        """
        Pass a message on.

        Parameters
        ----------
        message
            As ASGI has it.
        """
        if self.ended.is_set():
            return
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._stream is not None:
            await self._go_on(message)
        elif self._start is None:
            await self._send(message)
        elif message.get("more_body", False):
            await self._begin_stream(self._start, message)
        else:
            await self._whole(self._start, message.get("body", b""))

    async def _whole(self, start: Message, body: bytes) -> None:
        """Send an answer that came in one piece."""
        headers = [(name.lower(), value) for name, value in start["headers"]]
        named = dict(headers)
        status: int = start["status"]
        tag = named.get(b"etag")
        if status == 304:  # noqa: PLR2004
            await self._put(304, self._unchanged(headers, tag), b"")
            return
        wants_it = self._is_kept(status, named)
        coding = self._coding(named, len(body))
        if coding is not Coding.IDENTITY:
            body = await _coded(body, coding)
        # Where nothing is told there is no length either (RFC 9110, 8.6).
        headers = _described(headers, named, coding, None if status == 204 else len(body))  # noqa: PLR2004
        kept = None
        if status in _KEPT and tag is not None:
            unchanged = [(name, value) for name, value in headers if name not in _OF_A_BODY]
            if wants_it and self._signature is not None:
                wires = _wire(headers), _wire(unchanged)
                sources = self._state.get("sources", ())
                kept = Kept(tag, coding, body, self._signature, *wires, status, sources)
                version = self._state["version"]
                self._shelf.keep(kept, version=version, varies=_varies(headers))
            if self._if_none_match is not None and tags.holds(self._if_none_match, tag, coding):
                status, headers, body = 304, unchanged, b""
        await self._put(status, headers, body)

    def _is_kept(self, status: int, named: Mapping[bytes, bytes]) -> bool:
        """Tell whether an answer may be kept, and is worth it."""
        caller = self._state.get("caller")
        return (
            self._signature is not None
            and status in _KEPT
            and "version" in self._state
            and b"etag" in named
            and b"set-cookie" not in named
            and b"no-store" not in named.get(b"cache-control", b"")
            and (caller is None or caller.is_anonymous or caller.is_local)
            and not self._state.get("audited", False)
            and (self._state.get("warming", False) or self._shelf.is_wanted(self._signature))
        )

    def _coding(self, named: Mapping[bytes, bytes], length: int) -> Coding:
        """Choose the coding for an answer; short ones and such as are coded already have none."""
        if b"content-encoding" in named or not length or not is_worthwhile(named.get(b"content-type", b"")):
            return Coding.IDENTITY
        return self.coding if self._is_forced or length >= LEAST_BYTES else Coding.IDENTITY

    def _unchanged(self, headers: RawHeaders, tag: bytes | None) -> RawHeaders:
        """Tell the tag that the caller holds, not that of another coding."""
        held = self._if_none_match
        if tag is None or held is None or tag in held:
            return headers
        own = tags.of_coding(tag, self.coding)
        return [(name, own if name == b"etag" and own in held else value) for name, value in headers]

    async def _begin_stream(self, start: Message, first: Message) -> None:
        """Send the beginning of an answer that comes in pieces."""
        refused = self._stream_begins()
        if refused is not None:
            await Envelope(problems.response(refused))(self._scope, self._nothing, self)
            return
        headers = [(name.lower(), value) for name, value in start["headers"]]
        named = dict(headers)
        coding = self._coding(named, LEAST_BYTES)
        if coding is not Coding.IDENTITY:
            headers = _described(headers, named, coding, None)
        elif is_worthwhile(named.get(b"content-type", b"")):
            headers = _varied(headers)
        self._stream = stream(coding)
        if self._is_head:
            await self._put(start["status"], headers, b"")
            return
        self.status = start["status"]
        await self._send({**start, "headers": [*headers, (b"x-request-id", self.request_id)]})
        await self._go_on(first)

    async def _go_on(self, message: Message) -> None:
        """Send the next piece; nothing is gathered."""
        if self._stream is None:
            raise AssertionError(message)
        more = message.get("more_body", False)
        body = self._stream.add(message.get("body", b"")) + (b"" if more else self._stream.end())
        self.n_bytes += len(body)
        if body or not more:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
        if not more:
            self.ended.set()

    async def _nothing(self) -> Message:
        """Receive on behalf of a problem, which reads nothing."""
        return {"type": "http.disconnect"}

    async def _put(self, status: int, headers: RawHeaders, body: bytes) -> None:
        """Send all of an answer; of one to HEAD no body."""
        self.status = status
        headers = [*headers, (b"x-request-id", self.request_id)]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        if self._is_head:
            body = b""
        self.n_bytes = len(body)
        await self._send({"type": "http.response.body", "body": body})
        self.ended.set()


def _wire(headers: RawHeaders) -> bytes:
    """Write headers as they are sent; what a route set is checked here once, as a server does each time."""
    if any(b"\r" in part or b"\n" in part or b"\0" in part for pair in headers for part in pair):
        raise AssertionError(headers)
    return b"".join(b"%b: %b\r\n" % pair for pair in headers)


def unwired(wire: bytes) -> RawHeaders:
    """
    Read headers that are written as they are sent.

    Parameters
    ----------
    wire
        What stands in `Kept`.

    Returns
    -------
    list of tuple
        Name and value of each.
    """
    return [(name, value) for name, _, value in (line.partition(b": ") for line in wire.splitlines())]


async def _coded(body: bytes, coding: Coding) -> bytes:
    """Code bytes, in a thread if that takes long: meanwhile the interpreter is left to the others."""
    if len(body) < _LARGE_BYTES:
        return coded(body, coding)
    return await asyncio.to_thread(coded, body, coding)


def _described(
    headers: RawHeaders, named: Mapping[bytes, bytes], coding: Coding, length: int | None
) -> RawHeaders:
    """Describe a body as it is sent: its length, its coding, and the tag of that coding."""
    changed = (
        {b"content-length", b"content-encoding", b"etag"}
        if coding is not Coding.IDENTITY
        else {b"content-length"}
    )
    told = [(name, value) for name, value in headers if name not in changed]
    if coding is not Coding.IDENTITY:
        told.append((b"content-encoding", coding.encode()))
        if b"etag" in named:
            told.append((b"etag", tags.of_coding(named[b"etag"], coding)))
    if length is not None:
        told.append((b"content-length", b"%d" % length))
    return _varied(told) if is_worthwhile(named.get(b"content-type", b"")) else told


def _varied(headers: RawHeaders) -> RawHeaders:
    """Say that the answer depends on the codings that a caller takes."""
    names = [value for name, value in headers if name == b"vary"]
    if any(b"accept-encoding" in value.lower() or b"*" in value for value in names):
        return headers
    vary = b", ".join([*names, b"Accept-Encoding"])
    return [*((name, value) for name, value in headers if name != b"vary"), (b"vary", vary)]


def _varies(headers: RawHeaders) -> frozenset[bytes]:
    """List the headers of a request on which an answer says that it depends."""
    values = [value.lower() for name, value in headers if name == b"vary"]
    return frozenset(name.strip() for value in values for name in value.split(b",") if name.strip())
