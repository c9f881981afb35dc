"""
Whether a request comes from this machine's own user: asked where access is not controlled.

Sockets tell numbers. A proxy on the same machine makes the whole world look like this machine, and a page of
somebody else can give this machine's number a name of its own: what was handed on, or asks for another name,
is not from here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hotspot.errors import AccessNotConfigured
from hotspot.machine import address, is_loopback, names_this_machine

if TYPE_CHECKING:
    from starlette.types import Scope

HANDED_ON = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"})
"""Headers that proxies add."""

_ADVICE = "set HOTSPOT_API_ACCESS=controlled (docs/access.md), or ask this machine by its own name, localhost"


def require_local(scope: Scope) -> None:
    """
    Make sure that a request is from this machine.

    Parameters
    ----------
    scope
        The request, as ASGI has it.

    Raises
    ------
    AccessNotConfigured
        If it is not, or may not be.
    """
    server, client = scope.get("server"), scope.get("client")
    host = ""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value.decode("latin-1")
        elif name in HANDED_ON:
            raise AccessNotConfigured(
                f"access is not configured, and the request came through a proxy ({name.decode()}): {_ADVICE}"
            )
    reason = _reason(server and server[0], client and client[0], host)
    if reason is not None:
        raise AccessNotConfigured(f"access is not configured, and {reason}: {_ADVICE}")


@lru_cache(maxsize=256)
def _reason(server: str | None, client: str | None, host: str) -> str | None:
    """Say why a request is not from here; None if it is."""
    if server is None:
        return "the request came through a socket that others may stand behind"
    if address(server) is None:
        # A name and no number: the caller is a part of this very process, such as a test.
        return None
    for one in (server, client):
        parsed = None if one is None else address(one)
        if parsed is None or not is_loopback(parsed):
            return "the request came from another machine"
    if not names_this_machine(_name(host)):
        return "the request was for another name than this machine's"
    return None


def _name(host: str) -> str:
    """Take the port off a header `Host`."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")
