"""Features as GeoJSON (RFC 7946): published texts are put together as they are; none is parsed for a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from api.answers import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from api.formats.told import Told
    from api.schemas.common import Link

_CHUNK = 1 << 18
"""Characters that are sent at once of a file; enough that sending costs little beside making them."""

RECORD = "\x1e"
"""Begins each text of a sequence (RFC 7464)."""


def page(head: Mapping[str, object], links: Sequence[Link], features: Sequence[str]) -> bytes:
    """
    Write a page of features.

    Parameters
    ----------
    head
        What is told of the page.
    links
        Where else to go.
    features
        Each feature as text.

    Returns
    -------
    bytes
        A feature collection.
    """
    told = {"type": "FeatureCollection", **head, "links": [link.model_dump() for link in links]}
    return b"".join([encoded(told)[:-1], b',"features":[', ",".join(features).encode(), b"]}"])


def single(feature: str, links: Sequence[Link]) -> bytes:
    """
    Write one feature with its links.

    Parameters
    ----------
    feature
        It as text.
    links
        Where else to go.

    Returns
    -------
    bytes
        A feature.
    """
    return b"".join(
        [feature[:-1].encode(), b',"links":', encoded([link.model_dump() for link in links]), b"}"]
    )


def told_only(feature: str, told: Told) -> str:
    """
    Leave out what is not told.

    Parameters
    ----------
    feature
        A feature as text.
    told
        What stays.

    Returns
    -------
    str
        The feature as text.
    """
    read: dict[str, Any] = json.loads(feature)  # Any: JSON.
    had = read["properties"]
    read["properties"] = {name: had[name] for name in told.names if name in had}
    if not told.has_shape:
        read["geometry"] = None
        read.pop("bbox", None)
    return json.dumps(read, ensure_ascii=False, separators=(",", ":"))


def file(head: Mapping[str, object], batches: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """
    Write a whole selection piece by piece.

    Parameters
    ----------
    head
        What is told of it.
    batches
        Each feature as text, some at a time.

    Yields
    ------
    bytes
        The next part of a feature collection.
    """
    yield encoded({"type": "FeatureCollection", **head})[:-1] + b',"features":['
    separator = ""
    for some in _pieces(batches):
        yield (separator + _BETWEEN.join(some)).encode()
        separator = _BETWEEN
    yield b"]}\n"


_BETWEEN = ",\n"
_BETWEEN_LINES = f"\n{RECORD}"


def lines(batches: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """
    Write a whole selection as a sequence of texts (RFC 8142).

    Parameters
    ----------
    batches
        Each feature as text, some at a time.

    Yields
    ------
    bytes
        The next features.
    """
    for some in _pieces(batches):
        yield (RECORD + _BETWEEN_LINES.join(some) + "\n").encode()


def _pieces(batches: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Cut batches into pieces that are worth sending, without a look at each text."""
    for batch in batches:
        size = sum(map(len, batch))
        step = max(_CHUNK * len(batch) // max(size, 1), 1)
        for first in range(0, len(batch), step):
            yield batch[first : first + step]
