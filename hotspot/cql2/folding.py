"""
Texts without their capitals or accents, so that they compare equal whatever was typed.

Both are put in terms that PostgreSQL has as well (`hotspot.store.filters`), so that both stores fold alike.
"""

from __future__ import annotations

import re
import unicodedata

MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
"""Accents that stand beside their letter, as a regular expression: Unicode's blocks of combining marks."""

FINAL_SIGMA, SIGMA = "\N{GREEK SMALL LETTER FINAL SIGMA}", "\N{GREEK SMALL LETTER SIGMA}"
"""The one small letter with two forms, of which lower-casing takes either."""

_MARKS = re.compile(MARKS)


def without_case(text: str) -> str:
    """
    Take the capitals from a text.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        It in small letters. By way of capitals, so that ß and SS are the same, and these by way of small
        letters, so that the capital ẞ is too.

    Examples
    --------
    >>> without_case("Straße") == without_case("STRASSE")
    True
    """
    return text.lower().upper().lower().replace(FINAL_SIGMA, SIGMA)


def without_accents(text: str) -> str:
    """
    Take the accents from a text.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        It with its letters alone; letters that only look as if they had an accent, such as ø, stay.

    Examples
    --------
    >>> without_accents("Café Chișinău")
    'Cafe Chisinau'
    """
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
