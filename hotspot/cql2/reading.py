"""From the text of a filter to a tree that the store can turn into a statement: the only way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hotspot.catalogue import Reference
from hotspot.cql2 import grammar, json_text
from hotspot.cql2.tokens import shown
from hotspot.cql2.typed import Builder
from hotspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotspot.catalogue import PropertyType
    from hotspot.cql2.tree import Expression

MOST_BYTES = 4096
"""Length of a filter, in bytes of UTF-8: half of what servers commonly take as an address."""

MOST_NODES = 64
"""Operators and functions of a filter; values, lists of values and coordinates are bounded by its length."""

Language = Literal["cql2-text", "cql2-json"]
"""The two ways to write a filter."""


def parse(
    text: str,
    language: Language,
    *,
    queryables: Mapping[str, PropertyType],
    filter_reference: Reference = Reference.CRS84,
    most_bytes: int = MOST_BYTES,
    most_nodes: int = MOST_NODES,
) -> Expression:
    """
    Read a filter.

    Parameters
    ----------
    text
        The filter.
    language
        In which of the two ways it is written.
    queryables
        Type of each property that it may be about.
    filter_reference
        System of its coordinates, whose order of axes they have.
    most_bytes
        Its largest length, in bytes of UTF-8.
    most_nodes
        Operators and functions that it may have.

    Returns
    -------
    Expression
        What it says; every type, date and geometry in it has been checked.

    Raises
    ------
    InvalidInput
        If it is too long, not in the language, about something else, or compares what is not alike.

    Examples
    --------
    >>> from hotspot.catalogue import PropertyType
    >>> parse("rank <= 3", "cql2-text", queryables={"rank": PropertyType.INTEGER}).order
    <Order.LESS_OR_EQUAL: '<='>
    """
    n_bytes = len(text.encode("utf-8", "surrogatepass"))
    if n_bytes > most_bytes:
        raise InvalidInput(f"a filter has at most {most_bytes} bytes, got {n_bytes}")
    if language == "cql2-text":
        read = grammar.structure(text)
    elif language == "cql2-json":
        read = json_text.read_json(text)
    else:
        raise InvalidInput(f"a filter is cql2-text or cql2-json, got {shown(language)}")
    return Builder(queryables, filter_reference, most_nodes=most_nodes).expression(read)
