"""What a request says as far as kept answers depend on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope

LONGEST = 2048
"""Bytes of an address with its headers; whatever is longer is answered but not kept."""

CREDENTIALS = (b"authorization", b"x-api-key", b"cookie", b"proxy-authorization", b"purpose")
"""Who sends one of them is somebody, and what somebody may see is not for everybody."""

VARIES = frozenset({b"accept", b"accept-encoding", b"accept-language", b"origin", *CREDENTIALS})
"""Headers on which a kept answer may depend; one that depends on others is not kept."""

Signature = tuple[str, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bool]
"""
Scheme, host, path, query, the headers Accept, Accept-Language, Accept-Encoding and Origin as they came, and
whether the caller is on this machine: where nothing is configured, such a caller sees all.
"""

LOOPBACK = ("127.0.0.1", "::1")
"""Addresses of this machine."""


def headers(scope: Scope) -> Mapping[bytes, bytes]:
    """
    Read the headers of a request.

    Parameters
    ----------
    scope
        The request, as ASGI has it.

    Returns
    -------
    Mapping from bytes to bytes
        By name in lower case; those that came more than once are joined.
    """
    listed = scope["headers"]
    found: dict[bytes, bytes] = dict(listed)
    if len(found) != len(listed):
        found = {}
        for name, value in listed:
            found[name] = found[name] + b", " + value if name in found else value
    return found


def signature(scope: Scope, sent: Mapping[bytes, bytes]) -> Signature | None:
    """
    Sum up a request that may be answered from what is kept.

    Parameters
    ----------
    scope
        The request.
    sent
        Its headers.

    Returns
    -------
    Signature or None
        Absent for one that changes something, is somebody's, or is too long.
    """
    if scope["method"] not in {"GET", "HEAD"} or not sent.keys().isdisjoint(CREDENTIALS):
        return None
    path = scope.get("raw_path")
    found = (
        scope.get("scheme", "http"),
        sent.get(b"host", b""),
        path if path is not None else scope["path"].encode(),
        scope["query_string"],
        sent.get(b"accept", b""),
        sent.get(b"accept-language", b""),
        sent.get(b"accept-encoding", b""),
        sent.get(b"origin", b""),
    )
    if sum(map(len, found)) > LONGEST:
        return None
    client = scope.get("client")
    return (*found, client is not None and client[0] in LOOPBACK)
