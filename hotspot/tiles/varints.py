"""Whole numbers as protocol buffers write them: seven bits a byte, the least first; many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BITS = 7
_MOST_BYTES = 10
"""Bytes of the largest number of 64 bits."""


def sizes(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """
    Tell how many bytes numbers take.

    Parameters
    ----------
    numbers
        The numbers, shape (n,).

    Returns
    -------
    ndarray
        1 to 10 for each, shape (n,).
    """
    found = np.ones(len(numbers), np.int64)
    largest = int(numbers.max(initial=0))
    for taken in range(1, _MOST_BYTES):
        if largest < 1 << (_BITS * taken):
            break
        found += numbers >= np.uint64(1 << (_BITS * taken))
    return found


def encoded(numbers: NDArray[np.uint64], taken: NDArray[np.int64]) -> bytes:
    """
    Write numbers one after the other.

    Parameters
    ----------
    numbers
        The numbers, shape (n,).
    taken
        What `sizes` tells of them.

    Returns
    -------
    bytes
        All of them.
    """
    ends = np.cumsum(taken)
    written = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    place, left, size = ends - taken, numbers, taken
    while len(left):
        # All bytes say that others follow, until those are known that are the last of a number.
        written[place] = left.astype(np.uint8) | 0x80
        longer = np.flatnonzero(size > 1)
        place, left, size = place[longer] + 1, left[longer] >> np.uint64(_BITS), size[longer] - 1
    written[ends - 1] &= 0x7F
    return written.tobytes()


def one(number: int) -> bytes:
    """
    Write one number.

    Parameters
    ----------
    number
        The number, not negative.

    Returns
    -------
    bytes
        1 to 10 bytes.
    """
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        written.append(number & 0x7F | 0x80)
        number >>= _BITS
    written.append(number)
    return bytes(written)


def zigzag(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """
    Fold negative numbers between the others, so that small ones stay small: 0, -1, 1, -2, ...

    Parameters
    ----------
    numbers
        The numbers, of any shape.

    Returns
    -------
    ndarray
        Numbers that are not negative, of the same shape.
    """
    return ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
