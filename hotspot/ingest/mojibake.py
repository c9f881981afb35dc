"""
Names damaged by reading UTF-8 as if it were Windows-1252 or Latin-1 (`BelvÃ©dÃ¨re`), put right again.

Only what no language writes is touched: a capital Â, Ã, Ä or Å followed by what those encodings show for the
second byte of a letter, or â€ with what they show for the third byte of a quotation mark or dash. A correct
name therefore stays as it is.
"""

from __future__ import annotations

import re
import unicodedata


def _shown(first: int, last: int) -> str:
    """Characters that the two encodings show for the bytes of a range."""
    shown = {chr(byte) for byte in range(first, last + 1)}
    shown |= {bytes([byte]).decode("cp1252", errors="ignore") for byte in range(first, last + 1)}
    return re.escape("".join(sorted(shown)))


_CONTINUATION = _shown(0x80, 0xBF)
_DAMAGE = re.compile(rf"[ÂÃÄÅ][{_CONTINUATION}]|â[€\x80][{_CONTINUATION}]")

_WRITTEN = ("Ä", "Å"), frozenset("ŠŽšž")
"""Pairs that Estonian, Finnish or Sámi may write, as in ÄŽ: left alone."""

_ROUNDS = 3
"""A name is damaged again by each reading; more than three were never met."""


def mended(name: str) -> str:
    """
    Put a damaged name right.

    Parameters
    ----------
    name
        A name as a file has it.

    Returns
    -------
    str
        The name as it was meant; the same text if it shows no damage.

    Examples
    --------
    >>> mended("BelvÃ©dÃ¨re")
    'Belvédère'
    >>> mended("Belvédère")
    'Belvédère'
    """
    better = name
    for _ in range(_ROUNDS):
        better = _DAMAGE.sub(_decoded, better)
    return name if any(unicodedata.category(character) == "Cc" for character in better) else better


def is_lost(name: str) -> bool:
    """
    Tell whether characters of a name are lost for good.

    Parameters
    ----------
    name
        A name as a file has it.

    Returns
    -------
    bool
        Whether it holds the sign that stands for an unreadable character.
    """
    return "\N{REPLACEMENT CHARACTER}" in name


def _decoded(damage: re.Match[str]) -> str:
    """Read the bytes behind what is shown as UTF-8, which those of the pattern always are."""
    shown = damage.group()
    first, written = _WRITTEN
    if shown[0] in first and shown[1] in written:
        return shown
    return b"".join(_byte(character) for character in shown).decode("utf-8")


def _byte(shown: str) -> bytes:
    """Find the byte that one of the two encodings shows as this character."""
    try:
        return shown.encode("latin-1")
    except UnicodeEncodeError:
        return shown.encode("cp1252")
