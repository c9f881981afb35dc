"""
Run detectors on worlds, all of them on the same ones, over some processes.

Every world and every detector in it draws from a stream of its own: neither the order, the number of
processes nor another detector changes a result. Thresholds and rules are applied afterwards, on what is
kept here.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from hotspot.evaluate.matching import Planting, Scored, plantings, scored
from hotspot.evaluate.worlds import stream, world

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.evaluate.claims import Method
    from hotspot.evaluate.scenarios import Background
    from hotspot.evaluate.towns import Shape

Progress = Callable[[], None]
"""Called after each task."""

_Task = TypeVar("_Task")
_Outcome = TypeVar("_Outcome")


@dataclass(frozen=True, slots=True)
class Task:
    """
    One world and the detectors that are run on it.

    Parameters
    ----------
    scenario, number, seed
        Which world.
    methods
        The detectors.
    """

    scenario: str
    number: int
    seed: int
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What the detectors claimed in one world.

    Parameters
    ----------
    scenario, number
        Which world.
    background, shape, per_week
        What it is like.
    spots
        What was planted.
    claims
        By detector, the largest score first.
    seconds
        Time that each took; two runs differ in nothing else.
    """

    scenario: str
    number: int
    background: Background
    shape: Shape
    per_week: float
    spots: tuple[Planting, ...]
    claims: Mapping[str, tuple[Scored, ...]] = field(repr=False)
    seconds: Mapping[str, float] = field(repr=False, compare=False)


def outcome(task: Task) -> Outcome:
    """
    Draw one world and run detectors on it.

    Parameters
    ----------
    task
        Which world, which detectors.

    Returns
    -------
    Outcome
        What they claimed.
    """
    where = world(task.scenario, task.number, seed=task.seed)
    claims, seconds = {}, {}
    for method in task.methods:
        rng = stream(task.seed, "detector", method.name, task.scenario, task.number)
        start = time.perf_counter()
        found = method.find(where.scene, rng)
        seconds[method.name] = time.perf_counter() - start
        claims[method.name] = scored(found, where.truth)
    return Outcome(
        task.scenario,
        task.number,
        where.background,
        where.shape,
        where.per_week,
        plantings(where.truth),
        claims,
        seconds,
    )


def spread(
    function: Callable[[_Task], _Outcome],
    tasks: Sequence[_Task],
    *,
    processes: int,
    progress: Progress | None = None,
) -> tuple[_Outcome, ...]:
    """
    Apply a function to tasks on several processes.

    Parameters
    ----------
    function
        A function of a module, as processes need it.
    tasks
        What it is applied to.
    processes
        How many processes; 1 stays in this one.
    progress
        Called after each task.

    Returns
    -------
    tuple
        What it gave, in the order of the tasks.
    """
    done = []
    if processes == 1:
        for task in tasks:
            done.append(function(task))
            if progress is not None:
                progress()
        return tuple(done)
    # Started afresh: a copy of a process that runs threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for result in pool.map(function, tasks):
            done.append(result)
            if progress is not None:
                progress()
    return tuple(done)


def tasks(
    worlds: Mapping[str, int], methods: Mapping[str, tuple[Method, ...]], *, seed: int
) -> tuple[Task, ...]:
    """
    List the worlds of several scenarios.

    Parameters
    ----------
    worlds
        Number of worlds by scenario.
    methods
        Detectors by scenario.
    seed
        Seed of the evaluation.

    Returns
    -------
    tuple of Task
        One a world.
    """
    return tuple(
        Task(name, number, seed, methods[name]) for name, count in worlds.items() for number in range(count)
    )
