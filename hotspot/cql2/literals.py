"""Values that filters state, and how messages name what a filter has."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

from hotspot.catalogue import PropertyType
from hotspot.cql2 import arithmetic
from hotspot.cql2.tokens import shown
from hotspot.cql2.tree import Arithmetic, Folded, Literal, Operand, PropertyName, Sum, Texts
from hotspot.errors import InvalidInput

if TYPE_CHECKING:
    from hotspot.cql2.json_text import Json

_LARGEST_WHOLE = 2**63 - 1
"""Whole numbers beyond it are kept as floating point: databases have 64 bits."""

_WHOLE_SUMS = {Sum.PLUS: operator.add, Sum.MINUS: operator.sub, Sum.TIMES: operator.mul}
"""What whole numbers are exact in."""

_KINDS = {PropertyType.INTEGER: PropertyType.NUMBER}
"""Types that are compared as another."""


def texts(value: list[Json]) -> Texts:
    """
    Read a list of texts.

    Parameters
    ----------
    value
        The list.

    Returns
    -------
    Texts
        The texts.

    Raises
    ------
    InvalidInput
        If something in it is no text.
    """
    found = [one for one in value if isinstance(one, str)]
    if len(found) < len(value):
        raise InvalidInput(f"a list of texts was required, got {shown_json(value)}")
    return Texts(tuple(str(text(one).value) for one in found))


def text(value: str) -> Literal:
    """
    Keep a text.

    Parameters
    ----------
    value
        The text.

    Returns
    -------
    Literal
        It.

    Raises
    ------
    InvalidInput
        If no database can hold it: it has a zero byte or half a character.
    """
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput(f"a text has characters of Unicode other than the zero byte, got {shown(value)}")
    return Literal(value, PropertyType.TEXT)


def number(value: float) -> Literal:
    """
    Keep a number as whole or floating point.

    Parameters
    ----------
    value
        The number.

    Returns
    -------
    Literal
        It; whole numbers beyond 64 bits in floating point.

    Raises
    ------
    InvalidInput
        If it is larger than any floating point number.
    """
    if isinstance(value, int) and abs(value) <= _LARGEST_WHOLE:
        return Literal(value, PropertyType.INTEGER)
    try:
        kept = float(value)
    except OverflowError:
        kept = math.inf
    if not math.isfinite(kept):
        raise InvalidInput("a number has at most 308 digits before the point, got a larger one")
    return Literal(kept, PropertyType.NUMBER)


def reckoned(sum_: Sum, left: Literal, right: Literal) -> Literal:
    """
    Reckon with two numbers that are stated.

    Parameters
    ----------
    sum_
        How.
    left, right
        The numbers.

    Returns
    -------
    Literal
        The result; exact where whole numbers have an exact one.

    Raises
    ------
    InvalidInput
        If there is no result, or it is out of bounds.
    """
    first, second = (one.value for one in (left, right) if isinstance(one.value, int | float))
    if isinstance(first, int) and isinstance(second, int) and sum_ in _WHOLE_SUMS:
        return number(_WHOLE_SUMS[sum_](first, second))
    result = arithmetic.reckon(sum_, float(first), float(second))
    if result is None:
        raise InvalidInput(f"arithmetic has a result within bounds, got {first} {sum_.value} {second}")
    return number(result)


def kind(value: Operand) -> PropertyType:
    """
    Tell as what something is compared.

    Parameters
    ----------
    value
        A scalar or a predicate.

    Returns
    -------
    PropertyType
        Its type; whole numbers are numbers, predicates are booleans.
    """
    if isinstance(value, Literal | PropertyName | Arithmetic | Folded):
        return _KINDS.get(value.type, value.type)
    return PropertyType.BOOLEAN


def described(value: Operand) -> str:
    """
    Say what something is, for a message.

    Parameters
    ----------
    value
        A scalar or a predicate.

    Returns
    -------
    str
        Its name or value and its type.
    """
    if isinstance(value, PropertyName):
        return f"{shown(value.name)} ({value.type.value})"
    if isinstance(value, Literal):
        return f"{shown(str(value.value))} ({value.type.value})"
    return f"a {kind(value).value}"


def shown_json(value: Json) -> str:
    """
    Quote a structure, for a message.

    Parameters
    ----------
    value
        The structure.

    Returns
    -------
    str
        What can be said of it in a few words.
    """
    match value:
        case {"op": str(name)}:
            words = f"the operation {shown(name)}"
        case {"property": str(name)}:
            words = f"the property {shown(name)}"
        case dict():
            words = f"an object with {shown(', '.join(value))}"
        case list():
            words = f"a list of {len(value)}"
        case _:
            words = shown(str(value))
    return words
