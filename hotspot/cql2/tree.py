"""
What a filter says, once it has been read and found sound: values that the store turns into statements.

A predicate (`Expression`) is true, false or unknown for a row; a scalar (`Scalar`) has a value of one type.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hotspot.catalogue import PropertyType

if TYPE_CHECKING:
    import datetime as dt

    from hotspot.catalogue import Reference
    from hotspot.cql2.relations import ArrayTest, SpatialTest, TemporalTest


class Order(StrEnum):
    """How two values are compared."""

    EQUAL = "="
    UNEQUAL = "<>"
    LESS = "<"
    LESS_OR_EQUAL = "<="
    MORE = ">"
    MORE_OR_EQUAL = ">="


class Sum(StrEnum):
    """How two numbers are reckoned together; `div` and `%` cut towards zero."""

    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    DIVIDED = "/"
    REMAINDER = "%"
    WHOLE = "div"
    POWER = "^"


class Folding(StrEnum):
    """What is overlooked when texts are compared: capitals or accents."""

    CASE = "casei"
    ACCENTS = "accenti"


@dataclass(frozen=True, slots=True)
class Literal:
    """
    A value that the filter states.

    Parameters
    ----------
    value
        The value: numbers are finite, instants aware and in UTC.
    type
        What it is.
    """

    value: str | int | float | bool | dt.date | dt.datetime
    type: PropertyType


@dataclass(frozen=True, slots=True)
class PropertyName:
    """
    The value that a row has.

    Parameters
    ----------
    name
        Name of the property.
    type
        What it holds.
    """

    name: str
    type: PropertyType


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """
    Two numbers reckoned together; unknown where the result is no number or out of bounds.

    Parameters
    ----------
    operator
        How.
    left, right
        The numbers.
    """

    operator: Sum
    left: Scalar
    right: Scalar

    @property
    def type(self) -> PropertyType:
        """Always a number."""
        return PropertyType.NUMBER


@dataclass(frozen=True, slots=True)
class Folded:
    """
    A text without its capitals or accents.

    Parameters
    ----------
    folding
        What is overlooked.
    text
        The text.
    """

    folding: Folding
    text: Scalar

    @property
    def type(self) -> PropertyType:
        """Always a text."""
        return PropertyType.TEXT


@dataclass(frozen=True, slots=True)
class Shape:
    """
    A geometry that the filter states.

    Parameters
    ----------
    wkb
        It as well-known binary in two dimensions, x or longitude first.
    bounds
        West, south, east and north in the units of the reference.
    reference
        CRS84, the plane or web mercator; other systems in degrees have been turned into CRS84.
    """

    wkb: bytes
    bounds: tuple[float, float, float, float]
    reference: Reference


@dataclass(frozen=True, slots=True)
class Interval:
    """
    A closed interval of time.

    Parameters
    ----------
    start, end
        Dates, instants or properties that hold such; absent where there is no bound.
    type
        Whether its bounds are dates or instants.
    """

    start: Literal | PropertyName | None
    end: Literal | PropertyName | None
    type: PropertyType


@dataclass(frozen=True, slots=True)
class Texts:
    """
    A set of texts that the filter states.

    Parameters
    ----------
    values
        The texts.
    """

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And:
    """
    Whether all parts hold.

    Parameters
    ----------
    parts
        The parts.
    """

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """
    Whether any part holds.

    Parameters
    ----------
    parts
        The parts.
    """

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """
    Whether a part does not hold.

    Parameters
    ----------
    part
        The part.
    """

    part: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Whether two values compare so.

    Parameters
    ----------
    order
        How.
    left, right
        Values of like types.
    """

    order: Order
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Between:
    """
    Whether a value lies in a closed range.

    Parameters
    ----------
    value, low, high
        Values of like types.
    """

    value: Scalar
    low: Scalar
    high: Scalar


@dataclass(frozen=True, slots=True)
class In:
    """
    Whether a value is one of some.

    Parameters
    ----------
    value
        The value.
    options
        What it may be; of like types.
    """

    value: Scalar
    options: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """
    Whether a text has a form.

    Parameters
    ----------
    text
        The text.
    pattern
        The form: `%` stands for any text, `_` for one character, a backslash before a character for itself.
    """

    text: Scalar
    pattern: str


@dataclass(frozen=True, slots=True)
class IsNull:
    """
    Whether there is no value.

    Parameters
    ----------
    operand
        What is asked about.
    """

    operand: Operand | Shape | Texts


@dataclass(frozen=True, slots=True)
class Spatial:
    """
    Whether two shapes lie so.

    Parameters
    ----------
    test
        How.
    left, right
        Shapes, or properties that hold such.
    """

    test: SpatialTest
    left: Shape | PropertyName
    right: Shape | PropertyName


@dataclass(frozen=True, slots=True)
class Temporal:
    """
    Whether two intervals lie so in time.

    Parameters
    ----------
    test
        How.
    left, right
        Intervals; an instant is one that ends when it starts. Both are of dates or both of instants.
    """

    test: TemporalTest
    left: Interval
    right: Interval


@dataclass(frozen=True, slots=True)
class Array:
    """
    Whether two sets of texts compare so.

    Parameters
    ----------
    test
        How.
    left, right
        Sets, or properties that hold such.
    """

    test: ArrayTest
    left: Texts | PropertyName
    right: Texts | PropertyName


@dataclass(frozen=True, slots=True)
class Truth:
    """
    A boolean by itself.

    Parameters
    ----------
    value
        True, false, or a property that holds either.
    """

    value: bool | PropertyName


Scalar = Literal | PropertyName | Arithmetic | Folded
"""What has a value."""

Expression = And | Or | Not | Comparison | Between | In | Like | IsNull | Spatial | Temporal | Array | Truth
"""What holds for a row, does not, or is unknown."""

Operand = Scalar | Expression
"""What can be compared: whether something holds is a value as well."""
