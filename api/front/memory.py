"""What GNU's memory allocator is told, so that a service keeps little of what it needed for a moment."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

# As GNU's `malloc.h` numbers them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8

_LARGE_BYTES = 1 << 17
"""From this size on memory goes back when it is let go; left alone, the allocator raises it to 32 MB."""


def share() -> None:
    """Let all threads take memory from one place, and large pieces from none: what is free there is lost."""
    for option, value in (
        # Places of their own hold on to a third more.
        (_ARENAS, 1),
        (_MMAP_THRESHOLD, _LARGE_BYTES),
        (_TRIM_THRESHOLD, _LARGE_BYTES),
    ):
        # Of GNU's library alone; elsewhere there is nothing to set.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(option, value)


def give_back() -> None:
    """Give back what nobody holds any more, and what is free in between."""
    # Requests and their answers hold each other, and large bodies with them, until somebody looks.
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
