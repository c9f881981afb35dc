"""
Threads that wait for the store beside the loop.

The framework's own take a tenth of a millisecond to hand a function over and its outcome back, which is as
long as a short answer takes to be put together.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar  # Any: outcomes are of any type.

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from collections.abc import Callable

T = TypeVar("T")
A = TypeVar("A")

_Task = tuple["Callable[[Any], Any]", Any, "AbstractEventLoop", "Future[Any]"]


class Hands:
    """
    Runs functions in threads, which are begun as they are needed and then wait for more.

    Parameters
    ----------
    most
        Threads at the most; what comes while all are at work waits its turn.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._threads: list[threading.Thread] = []
        self._n_at_work = 0
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()

    async def run(self, function: Callable[[A], T], argument: A) -> T:
        """
        Run a function beside the loop; called from one loop only.

        Parameters
        ----------
        function
            The function.
        argument
            What it is called with.

        Returns
        -------
        object
            What it gives; what it raises is raised here.
        """
        loop = asyncio.get_running_loop()
        outcome: Future[T] = loop.create_future()
        self._n_at_work += 1
        if len(self._threads) < min(self._n_at_work, self._most):
            self._threads.append(threading.Thread(target=self._work, name="hotspot-hand", daemon=True))
            self._threads[-1].start()
        self._tasks.put((function, argument, loop, outcome))
        return await outcome

    def rest(self) -> None:
        """Let the threads end, and wait until they have: what they hold is to be closed after them."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _work(self) -> None:
        """Do one thing after the other."""
        while (task := self._tasks.get()) is not None:
            function, argument, loop, outcome = task
            try:
                done, error = function(argument), None
            except BaseException as raised:  # noqa: BLE001 -- whoever waits for it decides what it means
                done, error = None, raised
            # The loop is closed where a service was stopped meanwhile.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._tell, outcome, done, error)
            # What was done is not held while there is nothing to do.
            del task, function, argument, outcome, done, error

    def _tell(self, outcome: Future[Any], done: object, error: BaseException | None) -> None:
        """Tell whoever waits, unless nobody does any more; only now is the thread free again."""
        self._n_at_work -= 1
        if outcome.done():
            return
        if error is None:
            outcome.set_result(done)
        else:
            outcome.set_exception(error)
