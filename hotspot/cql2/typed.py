"""From the structure of a filter, as JSON has it, to a tree whose types have been checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.catalogue import PropertyType
from hotspot.cql2 import folding, literals, shapes, times
from hotspot.cql2.relations import ArrayTest, SpatialTest, TemporalTest
from hotspot.cql2.tokens import shown
from hotspot.cql2.tree import (
    And,
    Arithmetic,
    Array,
    Between,
    Comparison,
    Expression,
    Folded,
    Folding,
    In,
    IsNull,
    Like,
    Literal,
    Not,
    Operand,
    Or,
    Order,
    PropertyName,
    Scalar,
    Shape,
    Spatial,
    Sum,
    Temporal,
    Texts,
    Truth,
)
from hotspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotspot.catalogue import Reference
    from hotspot.cql2.json_text import Json

_SETS_AND_SHAPES = frozenset({PropertyType.TEXTS, PropertyType.GEOMETRY})
"""Types that only functions compare."""

_TIMES = frozenset({PropertyType.DATE, PropertyType.INSTANT})

_OfTwo = Order | Sum | SpatialTest | TemporalTest | ArrayTest
"""Operators and functions of two arguments."""

_OPERATORS: dict[str, _OfTwo | Folding] = {
    one.value: one for one in (*Order, *Sum, *SpatialTest, *TemporalTest, *ArrayTest, *Folding)
}
"""Operators and functions by their names."""

_VALUED = frozenset(one.value for one in (*Sum, *Folding))

_DEEPEST = 32
"""Operators within operators: each is read, and written for the database, one within another."""

_DEEPEST_VALUE = 8
"""Arithmetic and folding within the same: PostgreSQL is told a subquery or several functions for each."""

_EITHER = 2
"""Arguments of what compares one thing with another."""

_PREDICATES = (And, Or, Not, Comparison, Between, In, Like, IsNull, Spatial, Temporal, Array, Truth)


class Builder:
    """
    What is known while one filter is read.

    Parameters
    ----------
    queryables
        Type of each property that can be asked about.
    reference
        System of the filter's coordinates.
    most_nodes
        Operators and functions that a filter may have.
    """

    def __init__(
        self, queryables: Mapping[str, PropertyType], reference: Reference, *, most_nodes: int
    ) -> None:
        self._queryables = queryables
        self._reference = reference
        self._most_nodes = most_nodes
        self._n_nodes = 0
        self._depth = 0
        self._value_depth = 0
        self._readers: dict[str, Callable[[list[Json]], Operand]] = {
            "and": lambda parts: And(self._parts("and", parts)),
            "or": lambda parts: Or(self._parts("or", parts)),
            "not": self._not,
            "between": self._between,
            "in": self._in,
            "like": self._like,
            "isNull": self._is_null,
        }

    def expression(self, value: Json) -> Expression:
        """
        Read what holds for a row or does not.

        Parameters
        ----------
        value
            Structure of a predicate.

        Returns
        -------
        Expression
            The predicate.

        Raises
        ------
        InvalidInput
            If it is not one, if types do not fit, or if there are too many operators.
        """
        read = self._operand(value)
        if isinstance(read, _PREDICATES):
            return read
        if isinstance(read, Literal) and isinstance(read.value, bool):
            return Truth(read.value)
        if isinstance(read, PropertyName) and read.type is PropertyType.BOOLEAN:
            return Truth(read)
        raise InvalidInput(f"a filter is true or false for each feature, got {literals.described(read)}")

    def _operand(self, value: Json) -> Operand:
        """Read a scalar or a predicate."""
        read: Operand
        match value:
            case bool():
                read = Literal(value, PropertyType.BOOLEAN)
            case int() | float():
                read = literals.number(value)
            case str():
                read = literals.text(value)
            case {"property": str(name), **more} if not more:
                read = self._property(name)
            case {"date": str(text), **more} if not more:
                read = times.date(text)
            case {"timestamp": str(text), **more} if not more:
                read = times.instant(text)
            case {"op": str(name), "args": list(arguments), **more} if not more:
                read = self._operation(name, arguments)
            case _:
                raise InvalidInput(
                    f"a value, a property or an operation was required, got {literals.shown_json(value)}"
                )
        return read

    def _scalar(self, value: Json) -> Scalar:
        """Read what has a value that can be compared."""
        read = self._operand(value)
        if isinstance(read, _PREDICATES):
            raise InvalidInput("a value was required, got what is true or false itself")
        if read.type in _SETS_AND_SHAPES:
            raise InvalidInput(
                f"a single value was required, got {literals.described(read)}: S_ and A_ functions compare it"
            )
        return read

    def _property(self, name: str) -> PropertyName:
        """Look a property up."""
        type_ = self._queryables.get(name)
        if type_ is None:
            known = ", ".join(sorted(self._queryables))
            raise InvalidInput(f"a filter is about {known}; there is no property {shown(name)}")
        return PropertyName(name, type_)

    def _operation(self, name: str, arguments: list[Json]) -> Operand:
        """Read an operator or a function with its arguments."""
        self._count()
        is_value = name in _VALUED
        self._depth += 1
        self._value_depth += is_value
        if self._depth > _DEEPEST or self._value_depth > _DEEPEST_VALUE:
            raise InvalidInput(f"a filter is at most {_DEEPEST} operators deep, {_DEEPEST_VALUE} in a value")
        read = self._applied(name, arguments)
        self._depth -= 1
        self._value_depth -= is_value
        return read

    def _count(self) -> None:
        """Count what takes the database time."""
        self._n_nodes += 1
        if self._n_nodes > self._most_nodes:
            raise InvalidInput(f"a filter has at most {self._most_nodes} operators and functions")

    def _applied(self, name: str, arguments: list[Json]) -> Operand:
        """Find an operator or a function and read its arguments."""
        reader = self._readers.get(name)
        if reader is not None:
            return reader(arguments)
        operator = _OPERATORS.get(name)
        if operator is None:
            raise InvalidInput(f"there is no operator or function {shown(name)}")
        if isinstance(operator, Folding):
            return self._folded(operator, arguments)
        return self._pair(operator, self._two(name, arguments))

    def _pair(self, operator: _OfTwo, arguments: tuple[Json, Json]) -> Operand:
        """Read an operator or a function of two arguments."""
        match operator:
            case Order():
                return self._comparison(operator, arguments)
            case Sum():
                return self._arithmetic(operator, arguments)
            case SpatialTest():
                return self._spatial(operator, arguments)
            case TemporalTest():
                return self._temporal(operator, arguments)
        return self._array(operator, arguments)

    @staticmethod
    def _two(name: str, arguments: list[Json]) -> tuple[Json, Json]:
        if len(arguments) != _EITHER:
            raise InvalidInput(f"{name} takes two arguments, got {len(arguments)}")
        return arguments[0], arguments[1]

    def _parts(self, name: str, arguments: list[Json]) -> tuple[Expression, ...]:
        if len(arguments) < _EITHER:
            raise InvalidInput(f"{name} takes two or more arguments, got {len(arguments)}")
        joint = And if name == "and" else Or
        found: list[Expression] = []
        for argument in arguments:
            part = self.expression(argument)
            # Brackets around parts of the same kind say nothing.
            found += part.parts if isinstance(part, joint) else (part,)
        return tuple(found)

    def _not(self, arguments: list[Json]) -> Expression:
        if len(arguments) != 1:
            raise InvalidInput(f"not takes one argument, got {len(arguments)}")
        return Not(self.expression(arguments[0]))

    def _arithmetic(self, operator: Sum, arguments: tuple[Json, Json]) -> Scalar:
        left, right = (self._scalar(one) for one in arguments)
        for one in (left, right):
            if literals.kind(one) is not PropertyType.NUMBER:
                raise InvalidInput(f"{operator.value} takes numbers, got {literals.described(one)}")
        if isinstance(left, Literal) and isinstance(right, Literal):
            return literals.reckoned(operator, left, right)
        return Arithmetic(operator, left, right)

    def _folded(self, fold: Folding, arguments: list[Json]) -> Scalar:
        if len(arguments) != 1:
            raise InvalidInput(f"{fold.value} takes one argument, got {len(arguments)}")
        text = self._scalar(arguments[0])
        if text.type is not PropertyType.TEXT:
            raise InvalidInput(f"{fold.value} takes a text, got {literals.described(text)}")
        if isinstance(text, Literal):
            remove = folding.without_case if fold is Folding.CASE else folding.without_accents
            return Literal(remove(str(text.value)), PropertyType.TEXT)
        # To fold twice is to fold once.
        return text if isinstance(text, Folded) and text.folding is fold else Folded(fold, text)

    def _comparison(self, order: Order, arguments: tuple[Json, Json]) -> Comparison:
        left, right = (self._compared(one) for one in arguments)
        _need_like_types(order.value, left, right)
        return Comparison(order, left, right)

    def _compared(self, value: Json) -> Operand:
        """Read a side of a comparison, which may be true or false itself."""
        read = self._operand(value)
        if not isinstance(read, _PREDICATES) and read.type in _SETS_AND_SHAPES:
            raise InvalidInput(
                f"a single value was required, got {literals.described(read)}: S_ and A_ functions compare it"
            )
        return read

    def _between(self, arguments: list[Json]) -> Between:
        if len(arguments) != len(("value", "low", "high")):
            raise InvalidInput(f"between takes a value and two bounds, got {len(arguments)} arguments")
        value, low, high = (self._scalar(one) for one in arguments)
        _need_like_types("between", value, low)
        _need_like_types("between", value, high)
        return Between(value, low, high)

    def _in(self, arguments: list[Json]) -> In:
        value, listed = self._two("in", arguments)
        if not isinstance(listed, list) or not listed:
            raise InvalidInput(
                f"in takes a value and a list that is not empty, got {literals.shown_json(listed)}"
            )
        read = self._scalar(value)
        options = tuple(self._scalar(one) for one in listed)
        for option in options:
            _need_like_types("in", read, option)
            if not isinstance(option, Literal):
                # Each is compared by itself, while values that are stated are looked up at once.
                self._count()
        return In(read, options)

    def _like(self, arguments: list[Json]) -> Like:
        value, stated = self._two("like", arguments)
        text = self._scalar(value)
        pattern = self._scalar(stated)
        if text.type is not PropertyType.TEXT:
            raise InvalidInput(f"LIKE compares a text with a pattern, got {literals.described(text)}")
        if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
            raise InvalidInput(f"the pattern of LIKE is a text in quotes, got {literals.described(pattern)}")
        n_escapes = len(pattern.value) - len(pattern.value.rstrip("\\"))
        if n_escapes % 2:
            raise InvalidInput(
                f"the pattern of LIKE has a character after each backslash, got {shown(pattern.value)}"
            )
        return Like(text, pattern.value)

    def _is_null(self, arguments: list[Json]) -> IsNull:
        if len(arguments) != 1:
            raise InvalidInput(f"isNull takes one argument, got {len(arguments)}")
        value = arguments[0]
        if isinstance(value, list):
            return IsNull(literals.texts(value))
        if isinstance(value, dict) and ("bbox" in value or "type" in value):
            return IsNull(self._shape(value))
        return IsNull(self._operand(value))

    def _spatial(self, test: SpatialTest, arguments: tuple[Json, Json]) -> Spatial:
        left, right = (self._shape(one) for one in arguments)
        if test not in {SpatialTest.INTERSECTS, SpatialTest.DISJOINT} and any(
            isinstance(one, Shape) and shapes.is_mixed(one) for one in (left, right)
        ):
            raise InvalidInput(
                f"{test.value} takes geometries of one dimension, got a collection of several "
                f"(s_intersects and s_disjoint take any)"
            )
        return Spatial(test, left, right)

    def _shape(self, value: Json) -> Shape | PropertyName:
        """Read a geometry that is stated, or a property that holds one."""
        if isinstance(value, dict) and "type" in value:
            return shapes.geometry(value, self._reference)
        match value:
            case {"bbox": numbers, **more} if not more:
                return shapes.box(numbers, self._reference)
            case {"property": str(name), **more} if not more:
                read = self._property(name)
                if read.type is PropertyType.GEOMETRY:
                    return read
                raise InvalidInput(f"a geometry was required, got {literals.described(read)}")
        raise InvalidInput(f"a geometry was required, got {literals.shown_json(value)}")

    def _temporal(self, test: TemporalTest, arguments: tuple[Json, Json]) -> Temporal:
        left, right = times.unified([self._bounds(one) for one in arguments])
        return Temporal(test, left, right)

    def _bounds(self, value: Json) -> tuple[times.Bound, times.Bound]:
        """Read an interval, or an instant, which ends when it starts."""
        match value:
            case {"interval": [start, end], **more} if not more:
                return self._bound(start), self._bound(end)
            case {"interval": _}:
                raise InvalidInput(f"an interval has a start and an end, got {literals.shown_json(value)}")
        bound = self._bound(value)
        if bound is None or isinstance(value, str):
            raise InvalidInput(
                f"a date, a timestamp, an interval or a property was required, "
                f"got {literals.shown_json(value)}"
            )
        return bound, bound

    def _bound(self, value: Json) -> times.Bound:
        """Read a bound of an interval; absent where it is open."""
        if value == "..":
            return None
        if isinstance(value, str):
            return times.date_or_instant(value)
        read = self._operand(value)
        if isinstance(read, Literal | PropertyName) and read.type in _TIMES:
            return read
        raise InvalidInput(f"a date or an instant was required, got {literals.described(read)}")

    def _array(self, test: ArrayTest, arguments: tuple[Json, Json]) -> Array:
        left, right = (self._set(one) for one in arguments)
        return Array(test, left, right)

    def _set(self, value: Json) -> Texts | PropertyName:
        """Read a set of texts that is stated, or a property that holds one."""
        if isinstance(value, list):
            return literals.texts(value)
        read = self._operand(value)
        if isinstance(read, PropertyName) and read.type is PropertyType.TEXTS:
            return read
        raise InvalidInput(f"a list of texts was required, got {literals.described(read)}")


def _need_like_types(name: str, left: Operand, right: Operand) -> None:
    """Refuse to compare what is not alike."""
    if literals.kind(left) is not literals.kind(right):
        raise InvalidInput(
            f"{name} compares like with like, got {literals.described(left)} and {literals.described(right)}"
        )
