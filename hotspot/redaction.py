"""
Credentials taken out of texts: what is logged, told back or kept for later never holds one.

A key or a token belongs into a header. Who puts it elsewhere by mistake, into an address for example, must
not find it in the audit, in a log or in an answer that somebody keeps.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

PLACEHOLDER = "[removed]"
"""What stands where a credential stood."""

_CREDENTIAL = re.compile(
    # Our own keys, whatever follows their mark; tokens that begin with a JSON object in base64; what follows
    # the name of a scheme.
    r"hsk_[A-Za-z0-9_\-.~+/=%]+|eyJ[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)*|(?i:(?<=\bbearer\s)|(?<=\bbearer%20)|(?<=\bbearer\+))[^\s&,;\"']{8,}",
)

_MARKS = ("hsk_", "eyJ", "earer", "EARER")
"""Without one of these there is nothing to remove."""


def redacted(text: str) -> str:
    """
    Take credentials out of a text.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The same with `[removed]` for each API key, bearer token or signed token.

    Examples
    --------
    >>> redacted("limit=hsk_0123456789ab_secret&bbox=1,2,3,4")
    'limit=[removed]&bbox=1,2,3,4'
    """
    plain = _removed(text)
    if "%" in plain:
        # Any letter may be written by its number in an address.
        decoded = unquote(plain)
        removed = _removed(decoded)
        return plain if removed == decoded else removed
    return plain


def _removed(text: str) -> str:
    """Remove what is written out."""
    if not any(mark in text for mark in _MARKS):
        return text
    return _CREDENTIAL.sub(PLACEHOLDER, text)
