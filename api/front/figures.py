"""Figures of the service for Prometheus: how much is asked, how long it takes, what is kept."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from api.front.gate import Gate
    from api.front.shelf import Shelf

MEDIA_TYPE = CONTENT_TYPE_LATEST

_BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the times that are told apart, in seconds."""


class Figures(Collector):
    """
    Counts requests; adding one costs less than a microsecond, all else is done when somebody asks.

    Parameters
    ----------
    shelf
        What is kept.
    gate
        Who is at work.
    """

    def __init__(self, shelf: Shelf, gate: Gate) -> None:
        self._shelf = shelf
        self._gate = gate
        self._answers: dict[tuple[int, bool], int] = {}
        self._times = {is_kept: [0] * (len(_BOUNDS_S) + 1) for is_kept in (False, True)}
        self._seconds = {False: 0.0, True: 0.0}
        self._n_bytes = 0
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def count(self, *, status: int, is_kept: bool, seconds: float, n_bytes: int) -> None:
        """
        Count one request.

        Parameters
        ----------
        status
            Status of its answer.
        is_kept
            Whether that came from kept bytes.
        seconds
            How long it took.
        n_bytes
            Bytes of the body.
        """
        which = status, is_kept
        self._answers[which] = self._answers.get(which, 0) + 1
        self._times[is_kept][bisect_left(_BOUNDS_S, seconds)] += 1
        self._seconds[is_kept] += seconds
        self._n_bytes += n_bytes

    def collect(self) -> Iterator[Metric]:
        """
        Tell the figures.

        Yields
        ------
        Metric
            One kind of figure.
        """
        answers = CounterMetricFamily("hotspot_answers", "Answers by status.", labels=["status", "kept"])
        for (status, is_kept), number in sorted(self._answers.items()):
            answers.add_metric([str(status), _told(is_kept)], number)
        yield answers
        times = HistogramMetricFamily("hotspot_answer_seconds", "Time to answer.", labels=["kept"])
        for is_kept, numbers in self._times.items():
            buckets, total = [], 0
            for bound, number in zip((*map(str, _BOUNDS_S), "+Inf"), numbers, strict=True):
                total += number
                buckets.append((bound, total))
            times.add_metric([_told(is_kept)], buckets, self._seconds[is_kept])
        yield times
        yield CounterMetricFamily("hotspot_sent_bytes", "Bytes of bodies sent.", self._n_bytes)
        yield GaugeMetricFamily("hotspot_requests_at_work", "Requests inside.", self._gate.at_work)
        yield GaugeMetricFamily("hotspot_requests_waiting", "Requests that wait.", self._gate.waiting)
        yield GaugeMetricFamily("hotspot_kept_answers", "Answers kept.", len(self._shelf))
        yield GaugeMetricFamily("hotspot_kept_bytes", "Bytes of the answers kept.", self._shelf.n_bytes)
        version = self._shelf.version
        yield GaugeMetricFamily(
            "hotspot_data_version",
            "Version of the data served; -1: not known.",
            -1 if version is None else version,
        )

    def page(self) -> bytes:
        """
        Write them as Prometheus reads them.

        Returns
        -------
        bytes
            The page.
        """
        return generate_latest(self._registry)


def _told(is_kept: bool) -> str:  # noqa: FBT001 -- a word for a truth
    """Write a truth as a label."""
    return "yes" if is_kept else "no"
