"""How much work the reading of a text is, counted rather than timed."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from hotspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable


def calls_of(work: Callable[[], object]) -> int:
    """
    Count the calls that some work makes, of Python's functions and of C's.

    Unlike seconds they say the same on every machine, however busy it is and whenever it collects garbage.

    Parameters
    ----------
    work
        What to do; input that it refuses counts as done.

    Returns
    -------
    int
        The calls.
    """
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with contextlib.suppress(InvalidInput):
            work()
    finally:
        sys.setprofile(before)
    return calls
