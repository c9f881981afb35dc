"""
The figures of the service as Prometheus reads them.

Loaded when somebody asks: its library takes a megabyte, and most services are asked by nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from api.front.figures import BOUNDS_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from api.front.figures import Figures

MEDIA_TYPE = CONTENT_TYPE_LATEST


def page(figures: Figures) -> bytes:
    """
    Write figures as Prometheus reads them.

    Parameters
    ----------
    figures
        The figures.

    Returns
    -------
    bytes
        The page.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(figures))
    return generate_latest(registry)


class _Told(Collector):
    """Tells figures in the words of the library."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """
        Tell the figures.

        Yields
        ------
        Metric
            One kind of figure.
        """
        answers = CounterMetricFamily("hotspot_answers", "Answers by status.", labels=["status", "kept"])
        for (status, is_kept), number in sorted(self._figures.answers.items()):
            answers.add_metric([str(status), _told(is_kept)], number)
        yield answers
        times = HistogramMetricFamily("hotspot_answer_seconds", "Time to answer.", labels=["kept"])
        for is_kept, numbers in self._figures.times.items():
            buckets, total = [], 0
            for bound, number in zip((*map(str, BOUNDS_S), "+Inf"), numbers, strict=True):
                total += number
                buckets.append((bound, total))
            times.add_metric([_told(is_kept)], buckets, self._figures.seconds[is_kept])
        yield times
        yield CounterMetricFamily("hotspot_sent_bytes", "Bytes of bodies sent.", self._figures.n_bytes)
        yield GaugeMetricFamily("hotspot_requests_at_work", "Requests inside.", self._figures.gate.at_work)
        yield GaugeMetricFamily("hotspot_requests_waiting", "Requests that wait.", self._figures.gate.waiting)
        yield GaugeMetricFamily("hotspot_kept_answers", "Answers kept.", len(self._figures.shelf))
        yield GaugeMetricFamily(
            "hotspot_kept_bytes", "Bytes of the answers kept.", self._figures.shelf.n_bytes
        )
        version = self._figures.shelf.version
        yield GaugeMetricFamily(
            "hotspot_data_version",
            "Version of the data served; -1: not known.",
            -1 if version is None else version,
        )


def _told(is_kept: bool) -> str:  # noqa: FBT001 -- a word for a truth
    """Write a truth as a label."""
    return "yes" if is_kept else "no"
