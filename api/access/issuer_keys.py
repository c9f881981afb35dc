"""The public keys with which an issuer signs its tokens: from an address or a file, read anew in time."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from hotspot.errors import InvalidParameter
from hotspot.machine import names_this_machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import Key

_TIMEOUT_S = 5
"""An issuer that does not answer by then is down as far as a request is concerned."""

_MAX_BYTES = 1_000_000
"""Bytes of a set of keys; real ones have some thousands."""

PAUSE_S = 10.0
"""Seconds between two readings: tokens with made-up keys must not make us knock at the issuer each time."""

MAX_AGE_S = 86_400.0
"""Seconds for which keys are used while the issuer is down: a day, then nobody is believed any more."""

_PUBLIC_KINDS = frozenset({"RSA", "EC", "OKP"})
"""Kinds of keys with a public part: whoever reads a shared secret here could make tokens."""

_log = logging.getLogger(__name__)


class IssuerKeys:
    """
    Holds the keys of an issuer.

    Parameters
    ----------
    source
        Address or file.
    lifetime_s
        Seconds after which they are read anew.
    monotonic
        Gives seconds that never go back.
    """

    def __init__(self, source: str, *, lifetime_s: float, monotonic: Callable[[], float]) -> None:
        require_source(source)
        self._source = source
        self._lifetime_s = lifetime_s
        self._monotonic = monotonic
        self._keys: tuple[Key, ...] = ()
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def are_there(self) -> bool:
        """Whether there are keys that may be used."""
        return self._read_at is not None and self._monotonic() - self._read_at < MAX_AGE_S

    async def find(self, name: str | None) -> Key | None:
        """
        Find a key.

        Parameters
        ----------
        name
            Its `kid`; absent where the token names none, which will do for an issuer with one key.

        Returns
        -------
        Key or None
            Absent if the issuer has no such key, or its keys cannot be had.
        """
        if self._read_at is None or self._monotonic() - self._read_at >= self._lifetime_s:
            await self._refresh()
        found = self._find(name)
        if found is None:
            # The issuer may have changed its keys.
            await self._refresh()
            found = self._find(name)
        return found

    def _find(self, name: str | None) -> Key | None:
        """Find a key among those at hand."""
        if not self.are_there:
            return None
        if name is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.kid == name), None)

    async def _refresh(self) -> None:
        """Read the keys, unless that was tried a moment ago; who comes meanwhile waits for that reading."""
        loop = asyncio.get_running_loop()
        running = self._reading
        if running is None or running.done() or running.get_loop() is not loop:
            now = self._monotonic()
            if self._tried_at is not None and now - self._tried_at < PAUSE_S:
                return
            self._tried_at = now
            running = self._reading = loop.create_task(self._read())
        await asyncio.shield(running)

    async def _read(self) -> None:
        """Read the keys; those at hand stay if that fails."""
        try:
            text = await asyncio.to_thread(_text, self._source)
            keys = public_keys(text)
        except (OSError, HTTPException, InvalidParameter) as error:
            _log.warning("the issuer's keys at %s cannot be had: %s", self._source, error)
            return
        self._keys, self._read_at = keys, self._monotonic()


def require_source(source: str) -> None:
    """
    Make sure that keys are fetched in a way that nobody can change them on the way.

    Parameters
    ----------
    source
        Address or file.

    Raises
    ------
    InvalidParameter
        If it is an address of another kind.
    """
    parts = urlsplit(source)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname and names_this_machine(parts.hostname):
        return
    if "://" in source:
        raise InvalidParameter(f"oidc_keys must begin with https:// or be a file, got {parts.scheme}://")


def public_keys(text: bytes) -> tuple[Key, ...]:
    """
    Read a set of keys (JWKS, RFC 7517).

    Parameters
    ----------
    text
        JSON.

    Returns
    -------
    tuple of Key
        Those that check signatures with a public key; others are left out.

    Raises
    ------
    InvalidParameter
        If it is no such set, or has no key that can be used.
    """
    try:
        listed = json.loads(text)["keys"]
        wanted = [
            one
            for one in listed
            if one["kty"] in _PUBLIC_KINDS and one.get("use", "sig") == "sig" and isinstance(one, dict)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidParameter("a set of keys must be JSON with `keys`, got something else") from error
    keys = []
    for one in wanted:
        try:
            keys.append(JWKRegistry.import_key(one))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            # RFC 7517, 5: what is not understood is left out, so that an issuer may add kinds of keys.
            continue
    if not keys:
        raise InvalidParameter("a set of keys must hold a public key, got none")
    return tuple(keys)


def _text(source: str) -> bytes:
    """Fetch an address, or read a file."""
    parts = urlsplit(source)
    if "://" not in source:
        return Path(source).read_bytes()
    port, host = parts.port, str(parts.hostname)
    connection = (
        HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(host, port, timeout=_TIMEOUT_S)
    )
    with closing(connection):
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        answer = connection.getresponse()
        # Not followed elsewhere: the address that was configured is the one that is trusted.
        if answer.status != HTTPStatus.OK:
            raise InvalidParameter(f"the answer must be 200, got {answer.status}")
        text = answer.read(_MAX_BYTES + 1)
    if len(text) > _MAX_BYTES:
        raise InvalidParameter(f"a set of keys must have at most {_MAX_BYTES} bytes, got more")
    return text
