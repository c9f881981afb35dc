"""
From the tree of a filter to a condition on the columns of a table, the same on both databases.

Every value of the filter is bound; nothing in a condition can fail while it runs. What is unknown stays
unknown, as SQL has it: a row for which a filter is unknown is not selected by it, nor by its negation.

Columns are typed by what a property holds (`hotspot.catalogue.PropertyType`): dates are texts such as
`2026-02-28`, instants whole seconds since 1970 in UTC, sets of texts JSON lists.
"""

from __future__ import annotations

import datetime as dt
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Boolean, ColumnElement, Double, and_, false, literal, not_, or_, true

from hotspot.cql2.tree import (
    And,
    Arithmetic,
    Between,
    Comparison,
    Expression,
    Folded,
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
    Temporal,
    Texts,
    Truth,
)
from hotspot.store import dialects, moments, places
from hotspot.store.columns import TEXT
from hotspot.store.places import Shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hotspot.store.dialects import Value


_ORDERS: dict[Order, Callable[[Value, Value], ColumnElement[bool]]] = {
    Order.EQUAL: operator.eq,
    Order.UNEQUAL: operator.ne,
    Order.LESS: operator.lt,
    Order.LESS_OR_EQUAL: operator.le,
    Order.MORE: operator.gt,
    Order.MORE_OR_EQUAL: operator.ge,
}


def condition(
    expression: Expression, columns: Mapping[str, Value | Shapes], dialect_name: str
) -> ColumnElement[bool]:
    """
    Tell which rows a filter selects.

    Parameters
    ----------
    expression
        The filter.
    columns
        Where a table has what a filter may be about: a column for each property, and `Shapes` for a geometry.
    dialect_name
        Which database it is: `sqlite` or `postgresql`.

    Returns
    -------
    ColumnElement
        The condition.

    Raises
    ------
    InvalidInput
        If the table has no shapes in the system of the filter's coordinates.
    """
    compiler = _Compiler(columns, dialect_name)
    near = (
        places.near_condition(part, compiler.shapes)
        for part in _conjuncts(expression)
        if isinstance(part, Spatial)
    )
    return and_(*(one for one in near if one is not None), compiler.predicate(expression))


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    """List what each selected row must pass."""
    if isinstance(expression, And):
        for part in expression.parts:
            yield from _conjuncts(part)
    else:
        yield expression


@dataclass(frozen=True, slots=True)
class _Compiler:
    """A table's columns and the database that they are in."""

    columns: Mapping[str, Value | Shapes]
    dialect_name: str

    def column(self, name: PropertyName) -> Value:
        """Find the column of a property; for a geometry one that tells whether there is any."""
        found = self.columns[name.name]
        return found.degrees if isinstance(found, Shapes) else found

    def shapes(self, name: PropertyName) -> Shapes:
        """Find the columns of a geometry."""
        found = self.columns[name.name]
        if isinstance(found, Shapes):
            return found
        raise AssertionError(name)

    def predicate(self, node: Expression) -> ColumnElement[bool]:
        """Make a condition."""
        match node:
            case And(parts):
                made = and_(*(self.predicate(part) for part in parts))
            case Or(parts):
                made = or_(*(self.predicate(part) for part in parts))
            case Not(part):
                made = not_(self.predicate(part))
            case Truth(value):
                made = self._truth(value)
            case IsNull(operand):
                made = self._is_null(operand)
            case Comparison() | Between() | In() | Like():
                made = self._comparison(node)
            case Spatial():
                made = places.spatial_condition(node, self.shapes, self.dialect_name)
            case Temporal():
                made = moments.temporal_condition(node, self.column)
            case _:
                left, right = self._set(node.left), self._set(node.right)
                made = dialects.sets_compare(node.test, left, right, self.dialect_name)
        return made

    def _truth(self, value: bool | PropertyName) -> ColumnElement[bool]:  # noqa: FBT001 - a node's value
        """Make a condition of what is true or false itself."""
        if isinstance(value, PropertyName):
            return self.column(value) == _bound_boolean(value=True)
        return true() if value else false()

    def _comparison(self, node: Comparison | Between | In | Like) -> ColumnElement[bool]:
        """Make a condition on values."""
        match node:
            case Comparison(order, left, right):
                return _ORDERS[order](self._operand(left), self._operand(right))
            case Between(value, low, high):
                return self._operand(value).between(self._operand(low), self._operand(high))
            case In(value, options):
                return self._is_one_of(value, options)
        return dialects.has_form(self._operand(node.text), node.pattern, self.dialect_name)

    def _is_one_of(self, value: Scalar, options: tuple[Scalar, ...]) -> ColumnElement[bool]:
        """Tell whether a value is one of some."""
        compared = self._operand(value)
        bound = [self._operand(option) for option in options]
        if all(isinstance(option, Literal) for option in options):
            return compared.in_(bound)
        # A sum is a subquery, which IN would take for a list of rows.
        return or_(*(compared == one for one in bound))

    def _operand(self, node: Operand) -> Value:
        """Make a value, or a condition that is compared as one."""
        match node:
            case Literal():
                return _bound(node)
            case PropertyName():
                return self.column(node)
            case Arithmetic(sum_, left, right):
                return dialects.reckoned(sum_, self._operand(left), self._operand(right), self.dialect_name)
            case Folded(fold, text):
                return dialects.folded(fold, self._operand(text), self.dialect_name)
        return self.predicate(node)

    def _is_null(self, operand: Operand | Shape | Texts) -> ColumnElement[bool]:
        """Tell whether there is no value; what the filter states is always one."""
        if isinstance(operand, Literal | Shape | Texts):
            return false()
        return self._operand(operand).is_(None)

    def _set(self, operand: Texts | PropertyName) -> Value:
        """Make a set of texts."""
        return dialects.texts(operand.values) if isinstance(operand, Texts) else self.column(operand)


def _bound_boolean(*, value: bool) -> ColumnElement[bool]:
    """Bind a boolean."""
    return literal(value, Boolean())


def _bound(node: Literal) -> Value:
    """Bind a value as columns of its type keep it."""
    value = node.value
    match value:
        case bool():
            return _bound_boolean(value=value)
        case int():
            return literal(value, BigInteger())
        case float():
            return literal(value, Double())
        case str():
            return literal(value, TEXT)
        case dt.datetime():
            return moments.bound_instant(value)
    return moments.bound_date(value)
