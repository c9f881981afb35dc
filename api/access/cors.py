"""Which pages of other origins may show what: anything open, and more only where that is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.headers import EXPOSED, PREFLIGHT, SECURITY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_ASKING = {
    **PREFLIGHT,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, "
    "Purpose, X-API-Key",
}


def preflight(origin: str, origins: Collection[str]) -> Mapping[str, str] | None:
    """
    Answer a page that asks whether it may send a key.

    Parameters
    ----------
    origin
        Where the page is from.
    origins
        Origins that may.

    Returns
    -------
    Mapping or None
        Headers of the answer; absent for an origin that may only have what is open.
    """
    return {**SECURITY, **_ASKING, **allowed(origin, origins)} if origin in origins else None


def allowed(origin: str | None, origins: Collection[str]) -> Mapping[str, str]:
    """
    Say which page may read an answer that is not for everybody.

    Parameters
    ----------
    origin
        Where the page is from; absent where no page asks.
    origins
        Origins that may.

    Returns
    -------
    Mapping
        Headers of the answer; a page that may not read it is named in none of them.
    """
    if origin is None or origin not in origins:
        return {}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}
