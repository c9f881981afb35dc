"""Answers kept as bytes, each of one version of the data; the longest unused go first."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.front import asked
from api.front.codings import Coding, chosen

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from typing import Self

    from api.front.asked import Signature

_MOST_SIGNATURES = 8192
"""Spellings of requests that are remembered; about 1 kB each."""

_MOST_SEEN = 16_384
"""Requests that are remembered as asked once."""

_LARGEST_SHARE = 4
"""An answer larger than this part of the shelf would drive out too many others."""

_OVERHEAD_BYTES = 2048
"""Of an answer beside its body: keys, headers, objects."""

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Source:
    """
    A file of which an answer was made: the answer holds for as long as the file is the same.

    Parameters
    ----------
    path
        Where it is.
    modified_ns, size
        What it was like.
    """

    path: str
    modified_ns: int
    size: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """
        Look at a file.

        Parameters
        ----------
        path
            Where it is.

        Returns
        -------
        Source
            What it is like now.
        """
        status = path.stat()
        return cls(str(path), status.st_mtime_ns, status.st_size)

    def is_same(self) -> bool:
        """
        Look whether the file is as it was.

        Returns
        -------
        bool
            Whether it is.
        """
        try:
            status = os.stat(self.path)  # noqa: PTH116 - asked with every request, and several times faster
        except OSError:
            return False
        return (status.st_mtime_ns, status.st_size) == (self.modified_ns, self.size)


@dataclass(frozen=True, slots=True)
class Kept:
    """
    An answer, ready to be sent.

    Parameters
    ----------
    tag
        Its entity tag, without the ending of a coding.
    coding
        Its coding.
    body
        Its bytes, in the coding.
    signature
        A request that it answers.
    wire, wire_unchanged
        Headers of the answer, and of that to those who hold it already, as they are sent, but for the empty
        line at their end: written so, they take a third of the memory.
    status
        Of the answer: 204 where there is nothing to be told, as in many a tile.
    sources
        The files of which it was made; none for an answer made of data.
    """

    tag: bytes
    coding: Coding
    body: bytes
    signature: Signature
    wire: bytes
    wire_unchanged: bytes
    status: int = 200
    sources: tuple[Source, ...] = ()


_Key = tuple[object, ...]


class Shelf:
    """
    What is kept, of one version of the data at a time.

    Parameters
    ----------
    most_bytes
        Bodies are kept up to so many bytes in all; 0 keeps nothing.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.version: int | None = None
        self.n_bytes = 0
        self._kept: OrderedDict[_Key, Kept] = OrderedDict()
        self._keys: dict[Signature, _Key] = {}
        self._varies: dict[_Key, frozenset[bytes]] = {}
        self._seen: set[Signature] = set()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, signature: Signature) -> Kept | None:
        """
        Take an answer from the shelf.

        Parameters
        ----------
        signature
            The request.

        Returns
        -------
        Kept or None
            Absent if it is not there.
        """
        key = self._keys.get(signature)
        if key is None:
            key = self._key(signature)
            if key is None:
                return None
        kept = self._kept.get(key)
        if kept is None or not all(source.is_same() for source in kept.sources):
            return None
        self._kept.move_to_end(key)
        self._remember(signature, key)
        return kept

    def is_wanted(self, signature: Signature) -> bool:
        """
        Tell whether an answer is worth keeping: who asks once may never ask again.

        Parameters
        ----------
        signature
            The request.

        Returns
        -------
        bool
            Whether it was asked before, since the data changed.
        """
        if not self._most_bytes or self.version is None:
            return False
        if signature in self._seen:
            return True
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(signature)
        return False

    def keep(self, kept: Kept, *, version: int | None, varies: Collection[bytes]) -> bool:
        """
        Put an answer on the shelf.

        Parameters
        ----------
        kept
            The answer.
        version
            Version of the data that it tells; None if it depends on none. A version newer than the shelf's
            clears the shelf first, an older one is not kept.
        varies
            Names of the headers on which it depends.

        Returns
        -------
        bool
            Whether it was kept.
        """
        names = frozenset(varies) | {b"accept"}
        size = len(kept.body) + _OVERHEAD_BYTES
        if self.version is None or not names <= asked.VARIES or size * _LARGEST_SHARE > self._most_bytes:
            return False
        if version is not None and version > self.version:
            self.renew(version)
        if version is not None and version < self.version:
            return False
        self._varies[_resource(kept.signature)] = names
        key = self._key(kept.signature)
        if key is None:
            raise AssertionError(names)
        before = self._kept.pop(key, None)
        if before is not None:
            self.n_bytes -= len(before.body) + _OVERHEAD_BYTES
        self._kept[key] = kept
        self._remember(kept.signature, key)
        self.n_bytes += size
        while self.n_bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self.n_bytes -= len(oldest.body) + _OVERHEAD_BYTES
        return True

    def renew(self, version: int | None) -> list[Signature]:
        """
        Begin with another version of the data: nothing of the one before is kept.

        Parameters
        ----------
        version
            The version; None as long as it is not known.

        Returns
        -------
        list of Signature
            What was kept, the latest used first.
        """
        dropped = [kept.signature for kept in reversed(self._kept.values())]
        self.version = version
        self.n_bytes = 0
        # New ones rather than cleared ones: whoever holds the old ones reads on in them.
        self._kept, self._keys, self._varies, self._seen = OrderedDict(), {}, {}, set()
        return dropped

    def _key(self, signature: Signature) -> _Key | None:
        """Name an answer by what it depends on; None if that is not known yet."""
        resource = _resource(signature)
        varies = self._varies.get(resource)
        if varies is None:
            return None
        *_, language, codings, origin, is_local = signature
        return (
            *resource,
            language if b"accept-language" in varies else None,
            chosen(codings),
            origin if b"origin" in varies else None,
            is_local,
        )

    def _remember(self, signature: Signature, key: _Key) -> None:
        """Spare the next request of this spelling the work of taking it apart."""
        if signature not in self._keys:
            if len(self._keys) >= _MOST_SIGNATURES:
                self._keys.clear()
            self._keys[signature] = key


def _resource(signature: Signature) -> _Key:
    """Take the part of a request on which every answer may depend."""
    scheme, host, path, query, accept, *_ = signature
    return scheme, host.lower(), path, query, accept.replace(b" ", b"").lower()
