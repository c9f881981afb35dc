"""What was used of late, up to a weight; what was not used for longest is let go."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T")


class Recent(Generic[T]):
    """
    Things by their names; used by many threads at once.

    Parameters
    ----------
    most
        Weight of all that is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def __contains__(self, name: Hashable) -> bool:
        return name in self._kept

    def find(self, name: Hashable) -> T | None:
        """
        Find a thing, which thereby is used.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        object or None
            The thing; absent where it is not kept.
        """
        with self._lock:
            found = self._kept.get(name)
            if found is None:
                return None
            self._kept.move_to_end(name)
            return found[0]

    def keep(self, name: Hashable, thing: T, weight: int) -> None:
        """
        Keep a thing, unless one of its name is kept.

        Parameters
        ----------
        name
            Its name.
        thing
            The thing.
        weight
            What it counts for.
        """
        with self._lock:
            if name not in self._kept:
                self._kept[name] = thing, weight
                self._weight += weight
            while self._weight > self._most:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._weight -= dropped
