"""
Statements that are made once for each form of a selection, and then filled with values.

To put a statement together takes the library ten times as long as the database takes to answer it. Two
selections of one form differ in values alone: the form is built twice from made-up values, none of which
occurs twice, and where these end up in the two statements tells which parameter takes which value. A form in
which anything else differs is not kept: such a selection is built anew each time.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any  # Any: rows are of the driver's types.

from hotspot.catalogue import Reference
from hotspot.cql2.tree import (
    And,
    Between,
    Comparison,
    Expression,
    In,
    IsNull,
    Literal,
    Not,
    Operand,
    Or,
    PropertyName,
)
from hotspot.selection import Box, Selection, Window
from hotspot.store.molds import Mold, cast
from hotspot.store.served_boxes import shape_of
from hotspot.store.served_selection import ceiling_s, floor_s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Select

    Build = Callable[[Connection, Selection, Window], Select[*tuple[Any, ...]]]

_MOST_FORMS = 512
"""Forms that are remembered; each takes some 20 kB."""

_IN_DEGREES = frozenset({Reference.CRS84, Reference.ETRS89, Reference.ETRF2000})
"""Systems of boxes that are compared as they are."""


_Node = Expression | Operand


class _Unfit(Exception):
    """A selection that has no mold."""


_seen: set[object] = set()
_molds: dict[object, Mold | None] = {}


def rows(
    connection: Connection, selection: Selection, window: Window, key: object, build: Build
) -> list[tuple[Any, ...]] | None:
    """
    Run the statement for a selection from its mold.

    Parameters
    ----------
    connection
        The open transaction.
    selection, window
        What is wanted.
    key
        What else the statement depends on.
    build
        Makes the statement.

    Returns
    -------
    list of tuple or None
        What it finds; absent where the form has no mold.
    """
    form = _whole_form(selection, window, key, connection.dialect.name)
    if form is None:
        return None
    if form not in _seen:
        # To make one takes longer than to do without: it has to come again.
        if len(_seen) >= _MOST_FORMS:
            _seen.clear()
            _molds.clear()
        _seen.add(form)
        return None
    try:
        mold = _molds[form]
    except KeyError:
        # Held here as well: another request may empty what is remembered at any moment.
        mold = _molds[form] = _mold(connection, selection, window, build)
    return None if mold is None else mold.run(connection, _values(selection, window))


def known(
    selection: Selection, window: Window, key: object, dialect_name: str
) -> tuple[Mold, list[object]] | None:
    """
    Find the mold for a selection, if there is one already.

    Parameters
    ----------
    selection, window
        What is wanted.
    key
        What else the statement depends on.
    dialect_name
        The database.

    Returns
    -------
    tuple of Mold and list, or None
        The mold and the values that fill it.
    """
    form = _whole_form(selection, window, key, dialect_name)
    mold = None if form is None else _molds.get(form)
    return None if mold is None else (mold, _values(selection, window))


def _whole_form(
    selection: Selection, window: Window, key: object, dialect_name: str
) -> tuple[object, ...] | None:
    """Tell by what the mold for a selection is kept; None if there can be none."""
    try:
        return (key, dialect_name, *_form(selection, window))
    except _Unfit:
        return None


def _form(selection: Selection, window: Window) -> tuple[object, ...]:
    """Tell what two selections must have in common to differ in values alone."""
    box, interval = selection.box, selection.interval
    is_plain = selection.areas is None and selection.area is None and not selection.sort
    if not is_plain or selection.collection.latest_only:
        raise _Unfit
    if box is not None and (box.reference not in _IN_DEGREES or box.west > box.east):
        raise _Unfit
    # Without an order of its own, a place is the number of a row; whatever else came is refused elsewhere.
    if window.after is not None and len(window.after) != 1:
        raise _Unfit
    return (
        selection.collection.id,
        selection.level,
        selection.name is None,
        box is None,
        None if interval is None else tuple(end is None for end in interval),
        window.after is None,
        None if selection.where is None else _pattern(selection.where),
    )


def _values(selection: Selection, window: Window) -> list[object]:
    """List the values of a selection, in an order that follows from its form."""
    found: list[object] = [selection.version, window.limit + 1, window.offset]
    if selection.name is not None:
        found.append(selection.name)
    if selection.box is not None:
        box = selection.box
        found += [box.west, box.south, box.east, box.north, shape_of(box)]
    first, last = (None, None) if selection.interval is None else selection.interval
    if first is not None:
        found.append(ceiling_s(first))
    if last is not None:
        found.append(floor_s(last))
    if window.after is not None:
        found += window.after
    if selection.where is not None:
        found += (_bound(one) for one in _literals(selection.where))
    return found


def _bound(one: Literal) -> object:
    """Give a stated value as it is bound."""
    return one.value.isoformat() if isinstance(one.value, dt.date) else one.value


def _parts(node: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- each kind has parts of its own kinds
    """List the parts of a part of a filter."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | IsNull(part):
            return (part,)
        case Comparison(_, left, right):
            return left, right
        case Between(value, low, high):
            return value, low, high
        case In(value, options):
            return value, *options
        case PropertyName() | Literal():
            return ()
    raise _Unfit


def _pattern(node: _Node) -> tuple[object, ...]:
    """Give a filter without the values that it states."""
    match node:
        case Literal(value, kind):
            # Of truths there are but two, and instants are bound in two ways.
            if isinstance(value, bool | dt.datetime):
                raise _Unfit
            return Literal, type(value), kind
        case PropertyName():
            return (node,)
        case Comparison(order):
            return (Comparison, order, *map(_pattern, _parts(node)))
    return (type(node), *map(_pattern, _parts(node)))


def _literals(node: _Node) -> Iterator[Literal]:
    """List the values that a filter states."""
    if isinstance(node, Literal):
        yield node
    for part in _parts(node):
        yield from _literals(part)


def _mold(connection: Connection, selection: Selection, window: Window, build: Build) -> Mold | None:
    """Build the form twice from made-up values, and see where they end up."""
    made = []
    for salt in (1, 2):
        sample, part = _made_up(selection, window, salt)
        compiled = build(connection, sample, part).compile(connection)
        parameters = compiled.params
        values = [(type(value), value) for value in _values(sample, part)]
        if len(set(values)) < len(values):
            raise AssertionError(values)
        slots = {
            name: values.index((type(value), value))
            for name, value in parameters.items()
            if (type(value), value) in values
        }
        constants = {name: value for name, value in parameters.items() if name not in slots}
        made.append((compiled, constants, slots))
    (compiled, constants, slots), (again, other_constants, other_slots) = made
    is_same = (str(compiled), constants, slots) == (str(again), other_constants, other_slots)
    if not is_same:
        return None
    return cast(compiled, constants, slots)


def _made_up(selection: Selection, window: Window, salt: int) -> tuple[Selection, Window]:
    """Make a selection of the same form, no value of which occurs twice."""
    start = dt.datetime(2100, 1, salt, tzinfo=dt.UTC)
    box, interval = selection.box, selection.interval
    # Ten apart: one more than a limit is bound as well.
    numbers = itertools.count(salt * 7_000_000, 10)
    sample = replace(
        selection,
        version=next(numbers),
        name=None if selection.name is None else f"name {salt}",
        box=None if box is None else Box(10.0 + salt, 20.0 + salt, 40.0 + salt, 50.5 + salt, box.reference),
        interval=None
        if interval is None
        else (
            None if interval[0] is None else start,
            None if interval[1] is None else start + dt.timedelta(hours=1),
        ),
        where=None if selection.where is None else _restated(selection.where, numbers),
    )
    after = None if window.after is None else tuple(next(numbers) for _ in window.after)
    return sample, Window(next(numbers), next(numbers), after)


def _restated(node: Any, numbers: Iterator[int]) -> Any:  # noqa: ANN401 -- of the kind that it is given
    """Give a filter with other values."""
    again = [_restated(part, numbers) for part in _parts(node)]
    made = node
    match node:
        case Literal(value, kind):
            made = Literal(_other(value, next(numbers)), kind)
        case And() | Or():
            made = type(node)(tuple(again))
        case Comparison(order):
            made = Comparison(order, *again)
        case In():
            made = In(again[0], tuple(again[1:]))
        case Not() | IsNull() | Between():
            made = type(node)(*again)
    return made


def _other(value: object, number: int) -> str | float | dt.date:
    """Make up a value of the same type."""
    if isinstance(value, str):
        return f"value {number}"
    if isinstance(value, dt.date):
        return dt.date(2100, 1, 1) + dt.timedelta(days=number % 700_000)
    return number + 0.5 if isinstance(value, float) else number
