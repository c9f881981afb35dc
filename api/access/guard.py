"""Decides who asks, whether that one may ask now, and for what: before anything is read."""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from api.access.buckets import Buckets
from api.access.callers import ANONYMOUS, LOCAL, Caller
from api.access.keyring import Keyring
from api.access.ledger import Ledger
from api.access.locality import require_local
from api.access.matrix import Reach
from hotspot import keys
from hotspot.catalogue import Disclosure
from hotspot.errors import HotspotError, InvalidQuery, TooManyRequests, Unauthenticated
from hotspot.roles import level_of
from hotspot.settings import Access

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from starlette.types import Scope

    from api.access.matrix import Rule
    from api.access.tokens import Issuer
    from api.settings import AccessSettings

ADMITTED = "admitted"
"""Marks in the state of a request that its caller may ask, so that it is counted once."""

_WANTED = frozenset({b"authorization", b"x-api-key", b"purpose", b"origin"})
CREDENTIALS = frozenset({b"authorization", b"x-api-key"})
"""Headers that nothing behind the door gets to see."""


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What a request shows of who makes it.

    Parameters
    ----------
    authorization, key
        Values of `Authorization` and `X-API-Key`; empty where there is none.
    purpose, origin
        Values of `Purpose` and `Origin`; absent where there is none.
    """

    authorization: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    purpose: str | None = None
    origin: str | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether it shows no credentials."""
        return not self.authorization and not self.key


_NOTHING = Shown()


def shown(scope: Scope) -> Shown:
    """
    Read what a request shows.

    Parameters
    ----------
    scope
        The request, as ASGI has it.

    Returns
    -------
    Shown
        What there is of it.
    """
    found = [(name, value) for name, value in scope["headers"] if name in _WANTED]
    if not found:
        return _NOTHING
    texts = {
        wanted: tuple(value.decode("latin-1").strip() for name, value in found if name == wanted)
        for wanted in _WANTED
    }
    return Shown(
        authorization=texts[b"authorization"],
        key=texts[b"x-api-key"],
        purpose=", ".join(texts[b"purpose"]) or None,
        origin=", ".join(texts[b"origin"]) or None,
    )


_FILES = "/web/"
"""The page's own files hold no data; each of the many readers at one address asks for a hundred of them."""


class Guard:
    """
    Knows the keys, the issuer and how much was asked of late.

    Parameters
    ----------
    settings
        Who may see what, and how often.
    engine
        Gives the store, in a pool of its own: answers that wait for the audit hold connections of the other.
    clock
        Gives seconds since 1970.
    monotonic
        Gives seconds that never go back.
    """

    def __init__(
        self,
        settings: AccessSettings,
        *,
        engine: Callable[[], Engine],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.ledger = Ledger(engine)
        self._keyring = Keyring(engine, lifetime_s=settings.key_lifetime.total_seconds(), monotonic=monotonic)
        self._issuer = _issuer(settings, monotonic)
        self._is_local = settings.access is Access.LOCAL
        self.known = Buckets(settings.rate_per_minute, settings.burst, monotonic)
        self._strangers = Buckets(settings.anonymous_rate_per_minute, settings.burst, monotonic)

    def admit(self, scope: Scope) -> HotspotError | None:
        """
        Tell whether somebody without credentials may ask now; counts the request once.

        Parameters
        ----------
        scope
            The request, as ASGI has it.

        Returns
        -------
        HotspotError or None
            Why not.
        """
        state = scope.setdefault("state", {})
        # What the service asks itself, to have answers ready, is asked by nobody.
        if ADMITTED in state or "warming" in state:
            return None
        try:
            if self._is_local:
                require_local(scope)
                if self.settings.local_purpose:
                    state["audited"] = True
            elif not scope.get("path", "").startswith(_FILES):
                self._count(self._strangers, _address(scope))
        except HotspotError as error:
            return error
        state[ADMITTED] = True
        return None

    async def caller(self, scope: Scope, what: Shown) -> Caller:
        """
        Tell who asks.

        Parameters
        ----------
        scope
            The request, as ASGI has it.
        what
            What it shows.

        Returns
        -------
        Caller
            Who asks, before any rule is applied.

        Raises
        ------
        Unauthenticated
            If what is shown is not accepted.
        TooManyRequests
            If too much was asked.
        AccessNotConfigured
            If it is not from this machine, and access is not controlled.
        StoreUnavailable, StoreNotReady
            If the keys cannot be read.
        """
        if what.is_nothing:
            error = self.admit(scope)
            if error is not None:
                raise error
            return LOCAL if self._is_local else ANONYMOUS
        if self._is_local:
            require_local(scope)
        try:
            found = await self._holder(what)
        except Unauthenticated:
            # Whoever tries keys is counted as the stranger that he is.
            self._count(self._strangers, _address(scope))
            raise
        self._count(self.known, found.key)
        return found

    async def _holder(self, what: Shown) -> Caller:
        """Tell who holds the key or token."""
        if len(what.authorization) + len(what.key) != 1:
            raise Unauthenticated("Send one key or token, got several.", was_refused=True)
        text = what.key[0] if what.key else ""
        if what.authorization:
            scheme, _, text = what.authorization[0].partition(" ")
            text = text.strip()
            if scheme.lower() != "bearer" or not text:
                raise Unauthenticated("`Authorization` must be `Bearer KEY` or a token.", was_refused=True)
            if self._issuer is not None and not text.startswith(keys.MARK):
                return await self._issuer.holder(text, now_s=self.clock())
        key = await self._keyring.holder(text, now_s=self.clock())
        if key is None:
            raise Unauthenticated("The key was not accepted: unknown, expired or revoked.", was_refused=True)
        return Caller(
            key.name,
            key.role,
            level_of(key.scopes),
            key.scopes,
            key.areas,
            key.id,
            expires_at_s=key.expires_at.timestamp(),
        )

    def _count(self, buckets: Buckets, name: str) -> None:
        """Count a request of somebody, or refuse it."""
        wait_s = buckets.take(name)
        if wait_s:
            seconds = math.ceil(wait_s)
            raise TooManyRequests(
                f"Too many requests: ask again in {seconds} s.", retry_after_s=seconds, policy=buckets.policy
            )

    def with_purpose(self, caller: Caller, rule: Rule, what: Shown) -> Caller:
        """
        Make sure that whoever reads above the open level says what for.

        Parameters
        ----------
        caller
            Who asks, after the rule was applied.
        rule
            The rule of what is asked.
        what
            What the request shows.

        Returns
        -------
        Caller
            With a purpose where one is needed.

        Raises
        ------
        InvalidQuery
            If there is none, or none that is known.
        """
        if not self.is_audited(caller, rule):
            return caller
        purpose = caller.purpose if what.purpose is None else what.purpose
        if purpose not in self.settings.purposes:
            listed = ", ".join(self.settings.purposes)
            came = "none" if purpose is None else "another"
            raise InvalidQuery({"Purpose": f"The header Purpose must be one of {listed}; got {came}."})
        return caller if purpose == caller.purpose else replace(caller, purpose=purpose)

    def is_audited(self, caller: Caller, rule: Rule) -> bool:
        """
        Tell whether an answer is written into the audit.

        Parameters
        ----------
        caller
            Who asks, after the rule was applied.
        rule
            The rule of what is asked.

        Returns
        -------
        bool
            True above the open level; of the local user only where that is set. False for what one asks of
            oneself.
        """
        if rule.reach is Reach.OWN:
            return False
        if caller.is_local:
            return self.settings.local_purpose and rule.reach is not Reach.SAME
        return caller.level is not Disclosure.OPEN


def _issuer(settings: AccessSettings, monotonic: Callable[[], float]) -> Issuer | None:
    """Make the issuer of tokens, if there is one; what checks them is loaded for it alone: it takes 10 MB."""
    if settings.oidc_issuer is None:
        return None
    from api.access import tokens  # noqa: PLC0415 - loaded for an issuer alone

    return tokens.issuer(settings, monotonic)


def _address(scope: Scope) -> str:
    """Name the machine, or for addresses of version 6 the network, that a request comes from."""
    client = scope.get("client")
    return "nobody" if client is None else _network(client[0])


@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    """Cut an address of version 6 to what one subscriber has."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address
