"""Entity tags (RFC 9110, 8.8.3): each coding of an answer has one of its own."""

from __future__ import annotations

import re

from api.front.codings import Coding

_TAG = re.compile(rb'(?:W/)?("[^"]*")')
_SUFFIXES = {coding: f'-{coding}"'.encode() for coding in Coding if coding is not Coding.IDENTITY}


def of_coding(tag: bytes, coding: Coding) -> bytes:
    """
    Name a coding of an answer.

    Parameters
    ----------
    tag
        The answer's own tag, quotes included.
    coding
        The coding.

    Returns
    -------
    bytes
        The tag itself without coding; with one, another tag.
    """
    return tag if coding is Coding.IDENTITY else tag[:-1] + _SUFFIXES[coding]


def holds(if_none_match: bytes, tag: bytes, coding: Coding) -> bool:
    """
    Tell whether a caller holds an answer already; compared weakly, as RFC 9110 asks here.

    Parameters
    ----------
    if_none_match
        Value of the header: `*` or a list of tags.
    tag
        The answer's own tag.
    coding
        The coding in which it would be sent.

    Returns
    -------
    bool
        Whether it is among them, in that coding or in none: a short answer is not coded, whatever is asked.
    """
    if if_none_match.strip() == b"*":
        return True
    held = _TAG.findall(if_none_match)
    return tag in held or of_coding(tag, coding) in held


def uncoded(if_none_match: bytes, coding: Coding) -> bytes:
    """
    Rewrite what a caller holds for the routes, which know of no coding.

    Parameters
    ----------
    if_none_match
        Value of the header.
    coding
        The coding in which the answer would be sent.

    Returns
    -------
    bytes
        The tags of that coding without their endings, those without endings, and none of other codings.
    """
    if if_none_match.strip() == b"*":
        return b"*"
    kept = []
    for tag in _TAG.findall(if_none_match):
        ending = next((one for one, suffix in _SUFFIXES.items() if tag.endswith(suffix)), None)
        if ending is None:
            kept.append(tag)
        elif ending is coding:
            kept.append(tag[: -len(_SUFFIXES[coding])] + b'"')
    return b", ".join(kept)
