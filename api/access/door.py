"""The door: through it comes every request, and nothing above the open level leaves without being noted."""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from api import problems
from api.access import cors
from api.access.callers import ANONYMOUS, STATE
from api.access.guard import CREDENTIALS, Shown, shown
from api.access.matrix import rule
from api.headers import Envelope
from hotspot.audit import Act, Entry, entry_text
from hotspot.catalogue import Disclosure
from hotspot.errors import Forbidden, HotspotError, NotFound

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.access.callers import Caller
    from api.access.guard import Guard
    from api.access.matrix import Rule

_BODIES = frozenset({"http.response.body", "http.response.pathsend", "http.response.zerocopysend"})
"""Messages that carry a part of an answer, and may be its last."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What no address holds; a router may overlook it at the end of a path, where the table of rules does not."""


class Door:
    """
    Lets requests in.

    Parameters
    ----------
    app
        The application behind it.
    guard
        Decides.
    """

    def __init__(self, app: ASGIApp, *, guard: Guard) -> None:
        self._app = app
        self._guard = guard

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
        state = scope.setdefault("state", {})
        state[STATE] = ANONYMOUS
        what = shown(scope)
        if scope["method"] == "OPTIONS" and what.origin is not None:
            headers = cors.preflight(what.origin, self._guard.settings.origins)
            if headers is not None:
                await Response(status_code=204, headers=headers)(scope, receive, send)
                return
        path = _path(scope)
        wanted = rule(path)
        try:
            if _CONTROL.search(path):
                raise NotFound("no address has control characters in it")
            asking = await self._guard.caller(scope, what)
            caller = await self._permitted(asking, wanted, scope, what)
        except HotspotError as error:
            await self._refuse(error, scope, receive, send, what)
            return
        state[STATE] = caller
        if caller.is_anonymous or (caller.is_local and not self._guard.is_audited(caller, wanted)):
            await self._app(scope, receive, send)
            return
        await self._answer(caller, wanted, what, (scope, receive, send))

    async def _permitted(self, asking: Caller, wanted: Rule, scope: Scope, what: Shown) -> Caller:
        """Apply the rule; a known caller who asks for what he may not have is written down."""
        try:
            return self._guard.with_purpose(wanted.permitted(asking), wanted, what)
        except Forbidden:
            entry = self._entry(replace(asking, level=Disclosure.OPEN), scope, what)
            await self._guard.ledger.write(replace(entry, status=problems.STATUS[Forbidden].value))
            raise

    async def _answer(
        self, caller: Caller, wanted: Rule, what: Shown, asgi: tuple[Scope, Receive, Send]
    ) -> None:
        """Let somebody in who is known: the answer is not for everybody."""
        scope, receive, send = asgi
        # Nothing behind the door can tell on what it does not know.
        headers = [pair for pair in scope["headers"] if pair[0] not in CREDENTIALS]
        entry = self._entry(caller, scope, what) if self._guard.is_audited(caller, wanted) else None
        sender = _Sender(send, self._headers(caller, what), entry, self._guard, scope["state"])
        try:
            await self._app({**scope, "headers": headers}, receive, sender)
        except Exception:  # Whatever comes of it that the audit failed while the answer was sent.
            if sender.failure is None or sender.is_begun:
                raise
        finally:
            await sender.close()
        if sender.failure is not None and not sender.is_begun:
            await self._refuse(sender.failure, scope, receive, send, what)

    def _headers(self, caller: Caller, what: Shown) -> dict[str, str]:
        """Say who may keep and show an answer, and how much more may be asked."""
        headers = dict(cors.allowed(what.origin, self._guard.settings.origins))
        if caller.level is not Disclosure.OPEN:
            headers["Cache-Control"] = "private, no-store"
        if self._guard.known.is_limited:
            headers["RateLimit-Policy"] = self._guard.known.policy
            headers["RateLimit"] = f'"caller";r={self._guard.known.left(caller.key)}'
        return headers

    def _entry(self, caller: Caller, scope: Scope, what: Shown) -> Entry:
        """Begin the entry of an answer."""
        purpose = caller.purpose if caller.purpose is not None else what.purpose
        return Entry(
            at_ms=int(self._guard.clock() * 1000),
            request=str(scope["state"].get("request_id") or secrets.token_hex(8)),
            act=Act.ANSWERED,
            who=caller.name,
            key=caller.key,
            role=str(caller.role),
            level=str(caller.level),
            areas=None if caller.areas is None else " ".join(sorted(caller.areas)),
            purpose=entry_text(purpose or "")[:100],
            method=scope["method"],
            path=entry_text(scope["path"]),
            query=entry_text(scope["query_string"].decode("latin-1")),
            status=0,
            records=None,
        )

    async def _refuse(
        self, error: HotspotError, scope: Scope, receive: Receive, send: Send, what: Shown
    ) -> None:
        """Answer with a problem, in the envelope that all answers come in."""
        refusal = problems.response(error)
        for name, value in cors.allowed(what.origin, self._guard.settings.origins).items():
            refusal.headers[name] = value
        await Envelope(refusal)(scope, receive, send)


class _Sender:
    """Passes an answer on; what is above the open level not before it is written down."""

    def __init__(
        self,
        send: Send,
        headers: dict[str, str],
        entry: Entry | None,
        guard: Guard,
        state: dict[str, object],
    ) -> None:
        self._send = send
        self._headers = headers
        self._entry = entry
        self._guard = guard
        self._state = state
        self._held: Message | None = None
        self._is_in_parts = False
        self._is_ended = False
        self.is_begun = False
        self.failure: HotspotError | None = None

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self._held = self._with_headers(message)
            return
        if message["type"] not in _BODIES:
            await self._send(message)
            return
        is_last = not message.get("more_body", False)
        if self._held is not None:
            await self._begin(self._held, is_last=is_last)
        elif is_last:
            await self.close()
        await self._send(message)

    def _with_headers(self, start: Message) -> Message:
        """Say that an answer is for one caller."""
        if self._entry is not None:
            self._entry = replace(self._entry, status=start["status"])
        headers = MutableHeaders(scope=start)
        # What an inner layer allowed to everybody is not meant for this answer.
        del headers["Access-Control-Allow-Origin"]
        headers.update(self._headers)
        headers.add_vary_header("Authorization, X-API-Key, Origin")
        return start

    async def _begin(self, start: Message, *, is_last: bool) -> None:
        """Write down that the answer goes out, then let it."""
        await self._write(Act.ANSWERED if is_last else Act.BEGUN)
        self._held = None
        self.is_begun, self._is_in_parts, self._is_ended = True, not is_last, is_last
        await self._send(start)

    async def close(self) -> None:
        """Write down how an answer in parts ended, also if it was broken off."""
        if self._is_in_parts and not self._is_ended:
            self._is_ended = True
            await asyncio.shield(asyncio.ensure_future(self._write(Act.ENDED)))

    async def _write(self, act: Act) -> None:
        """Write the entry, or keep why not."""
        if self._entry is None:
            return
        counted = self._state.get("records")
        records = counted if isinstance(counted, int) else None
        try:
            await self._guard.ledger.write(
                replace(self._entry, act=act, records=records, at_ms=int(self._guard.clock() * 1000))
            )
        except HotspotError as error:
            self.failure = error
            raise


def _path(scope: Scope) -> str:
    """Give the path as the routes see it."""
    path: str = scope["path"]
    root = scope.get("root_path", "")
    return path.removeprefix(root) if root else path
