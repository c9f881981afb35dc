"""
The log of who saw what and why: entries in a chain, each sealed with the one before it.

The seal of an entry is the SHA-256 of its own content and of the seal before it. Whoever changes, removes,
inserts or moves an entry breaks every seal after it, unless all of them are written anew; that, and a cut
end, is found by comparing with an anchor: the number and the seal of an entry, noted somewhere else.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hotspot.errors import InvalidInput
from hotspot.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BEGINNING = "0" * 64
"""What stands in the first entry for the seal before it."""

MAX_TEXT = 8_000
"""Characters of an address that are kept; no server of ours takes longer ones."""

_ANCHOR = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


class Act(StrEnum):
    """Which part of an answer an entry is about."""

    ANSWERED = "answered"
    """A whole answer, at once."""
    BEGUN = "begun"
    """An answer in parts, before its first part; `records` is what was known then."""
    ENDED = "ended"
    """The same answer when it ended, or was broken off; `request` tells which."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One thing that somebody was told, or refused.

    Parameters
    ----------
    at_ms
        When, in milliseconds since 1970 UTC.
    request
        Which request: the same in the entries of one answer.
    act
        Which part of the answer.
    who
        Name of the caller.
    key
        Name of the key, or subject of the token.
    role
        The caller's role.
    level
        Level of disclosure that was answered.
    areas
        Codes of the areas to which the answer was cut, joined by blanks; absent for all.
    purpose
        What for, by its code.
    method, path, query
        What was asked. Credentials are taken out: see `entry_text`.
    status
        How it was answered.
    records
        Records in the answer; absent where it has none or nobody counted.
    """

    at_ms: int
    request: str
    act: Act
    who: str
    key: str
    role: str
    level: str
    areas: str | None
    purpose: str
    method: str
    path: str
    query: str
    status: int
    records: int | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """
    An entry in its place in the chain.

    Parameters
    ----------
    number
        Its place: 1, 2, 3 and so on.
    entry
        What it says.
    previous_hash
        Seal of the entry before it.
    hash
        Its own seal.
    """

    number: int
    entry: Entry
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """
    What is noted elsewhere of a chain.

    Parameters
    ----------
    number
        Place of an entry.
    hash
        Its seal.
    """

    number: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """
        Read an anchor.

        Parameters
        ----------
        text
            Number, colon, seal.

        Returns
        -------
        Anchor
            The anchor.

        Raises
        ------
        InvalidInput
            If it is something else.
        """
        found = _ANCHOR.fullmatch(text)
        if found is None:
            raise InvalidInput(f"an anchor must be NUMBER:HASH as `hotspot audit verify` says, got {text!r}")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def entry_text(text: str) -> str:
    """
    Prepare a part of an address for the log: without credentials, no longer than is kept.

    Parameters
    ----------
    text
        A path or a query.

    Returns
    -------
    str
        What is kept of it.
    """
    # A null byte is no text to PostgreSQL, and half of a surrogate pair is none to anybody.
    clean = redacted(text).replace("\0", "�").encode("utf-8", "replace").decode()
    return clean if len(clean) <= MAX_TEXT else f"{clean[:MAX_TEXT]}…"


def seal(number: int, entry: Entry, previous_hash: str) -> str:
    """
    Seal an entry.

    Parameters
    ----------
    number
        Its place.
    entry
        What it says.
    previous_hash
        Seal of the entry before it.

    Returns
    -------
    str
        SHA-256, hexadecimal, of the place, the seal before it and the fields in their order, as JSON.
    """
    canonical = json.dumps([number, previous_hash, *astuple(entry)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def chain(entries: Iterable[Entry], *, after: Anchor | None) -> Iterator[Sealed]:
    """
    Put entries into the chain.

    Parameters
    ----------
    entries
        In the order in which they are kept.
    after
        The last entry so far; absent for none.

    Yields
    ------
    Sealed
        Each in its place.
    """
    number, previous = (0, BEGINNING) if after is None else (after.number, after.hash)
    for entry in entries:
        number += 1
        sealed = Sealed(number, entry, previous, seal(number, entry, previous))
        previous = sealed.hash
        yield sealed


@dataclass(frozen=True, slots=True)
class Verification:
    """
    What was found of a chain.

    Parameters
    ----------
    entries
        How many there are.
    end
        The last one, to be noted elsewhere; absent if there is none.
    faults
        What is wrong, one sentence each, the first ones only; none if the chain is whole.
    """

    entries: int
    end: Anchor | None
    faults: tuple[str, ...]


MAX_FAULTS = 20
"""Faults that are told: after the first one somebody has to look anyway."""


def verify(chained: Iterable[Sealed], anchors: Iterable[Anchor] = ()) -> Verification:
    """
    Tell whether a chain is as it was written.

    Parameters
    ----------
    chained
        All entries in the order of their numbers.
    anchors
        What was noted elsewhere.

    Returns
    -------
    Verification
        Changed entries, missing ones, and ones that do not follow the one before them (removed, inserted or
        moved). A cut end or a chain that was written anew is found by anchors only.
    """
    noted = {anchor.number: anchor.hash for anchor in anchors}
    faults: list[str] = []
    entries, end = 0, None
    for one in chained:
        faults += _faults(one, end)
        if one.number in noted and noted.pop(one.number) != one.hash:
            faults.append(f"entry {one.number} is not the one of the anchor: the chain was written anew")
        entries, end = entries + 1, Anchor(one.number, one.hash)
    faults += [f"entry {number} is missing: the anchor names it, the end was cut off" for number in noted]
    return Verification(entries, end, tuple(faults[:MAX_FAULTS]))


def _faults(one: Sealed, before: Anchor | None) -> list[str]:
    """Look at an entry and at how it follows the one before it."""
    found = []
    number, previous = (0, BEGINNING) if before is None else (before.number, before.hash)
    if one.number != number + 1:
        found.append(f"entries {number + 1} to {one.number - 1} are missing")
    if seal(one.number, one.entry, one.previous_hash) != one.hash:
        found.append(f"entry {one.number} was changed")
    elif one.number == number + 1 and one.previous_hash != previous:
        found.append(f"entry {one.number} does not follow the one before it: removed, inserted or moved")
    return found
