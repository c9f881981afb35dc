"""
What a filter asks for, in the terms of either database: patterns, folding, arithmetic, sets of texts.

SQLite calls the functions of `hotspot.store.functions`; PostgreSQL has all it needs without an extension.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, array

from hotspot.cql2 import arithmetic, folding
from hotspot.cql2.relations import ArrayTest
from hotspot.cql2.tree import Folding, Sum
from hotspot.store import functions
from hotspot.store.columns import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = ColumnElement[Any]
"""A value of any type; the reader of filters has seen to it that types fit."""

_UNICODE = "und-x-icu"
"""Collation by which PostgreSQL knows the capitals of all scripts; that of the columns knows A to Z only."""

_PATTERN = re.compile(r"\\(?P<escaped>.)|(?P<any>%+)|(?P<one>_)|(?P<glob>[*?\[])|(?P<plain>.)", re.DOTALL)
"""Parts of a pattern of LIKE; those that mean something in a pattern of GLOB are told apart."""


def has_form(text: Value, pattern: str, dialect_name: str) -> ColumnElement[bool]:
    """
    Tell whether a text has a form; capitals count.

    Parameters
    ----------
    text
        The text.
    pattern
        The form, as LIKE has it with the backslash as its escape.
    dialect_name
        Which database it is.

    Returns
    -------
    ColumnElement
        The condition.
    """
    if dialect_name == "postgresql":
        return text.like(literal(pattern, TEXT), escape="\\")
    # SQLite's LIKE overlooks the capitals of A to Z; its GLOB does not.
    return text.op("GLOB", is_comparison=True, return_type=Boolean())(literal(_glob(pattern), TEXT))


def _glob(pattern: str) -> str:
    """Write a pattern of LIKE as one of GLOB."""

    def part(match: re.Match[str]) -> str:
        if match["any"]:
            return "*"
        if match["one"]:
            return "?"
        character = match["escaped"] or match["glob"] or match["plain"]
        return f"[{character}]" if character in "*?[" else character

    return _PATTERN.sub(part, pattern)


def folded(fold: Folding, text: Value, dialect_name: str) -> Value:
    """
    Take the capitals or the accents from a text.

    Parameters
    ----------
    fold
        Which of the two.
    text
        The text.
    dialect_name
        Which database it is.

    Returns
    -------
    ColumnElement
        A text.
    """
    if dialect_name != "postgresql":
        without: Value = getattr(func, functions.FOLDERS[fold])(text, type_=TEXT)
        return without
    if fold is Folding.CASE:
        small = func.lower(func.upper(func.lower(text.collate(_UNICODE))), type_=Text())
        changed = func.replace(small, _bare(folding.FINAL_SIGMA), _bare(folding.SIGMA), type_=Text())
    else:
        apart = func.normalize(text, literal_column("NFD"))
        bare = func.regexp_replace(apart, _bare(folding.MARKS), _bare(""), _bare("g"))
        changed = func.normalize(bare, literal_column("NFC"), type_=Text())
    return changed.collate("C")


def _bare(text: str) -> ColumnElement[str]:
    """Bind a text that leaves the collation to its neighbours."""
    return literal(text, Text())


def reckoned(operator: Sum, left: Value, right: Value, dialect_name: str) -> Value:
    """
    Reckon two numbers together; unknown where there is no result within bounds.

    Parameters
    ----------
    operator
        How.
    left, right
        The numbers.
    dialect_name
        Which database it is.

    Returns
    -------
    ColumnElement
        A number.
    """
    if dialect_name != "postgresql":
        result: Value = func.reckon(operator.value, left, right, type_=Double())
        return result
    # Each number is used more than once: a row of its own keeps nested sums from growing at each step.
    pair = (
        func.unnest(array([cast(left, Double)]), array([cast(right, Double)]))
        .table_valued(column("a", Double), column("b", Double))
        .render_derived()
    )
    bounded = [
        or_(one == 0, func.abs(one).between(_double(arithmetic.SMALLEST), _double(arithmetic.LARGEST)))
        for one in (pair.c.a, pair.c.b)
    ]
    return select(_formula(operator, pair.c.a, pair.c.b)).where(*bounded).scalar_subquery()


def _double(number: float) -> ColumnElement[float]:
    """Bind a number in floating point."""
    return literal(number, Double())


def _formula(operator: Sum, a: ColumnElement[float], b: ColumnElement[float]) -> ColumnElement[float]:
    """Write a sum of two numbers that are within bounds as PostgreSQL does it."""
    quotient = a / func.nullif(b, 0, type_=Double())
    formulas: Mapping[Sum, ColumnElement[float]] = {
        Sum.PLUS: a + b,
        Sum.MINUS: a - b,
        Sum.TIMES: a * b,
        Sum.DIVIDED: quotient,
        Sum.WHOLE: func.trunc(quotient, type_=Double()),
        Sum.REMAINDER: a - b * func.trunc(quotient, type_=Double()),
        Sum.POWER: _power(a, b),
    }
    return formulas[operator]


def _power(a: ColumnElement[float], b: ColumnElement[float]) -> ColumnElement[float]:
    """Raise to a power where that has a result within bounds; each case rules out those before it."""
    within = func.abs(b * func.ln(func.abs(a))) <= _double(arithmetic.LARGEST_LOGARITHM)
    return case(
        (b == 0, _double(1.0)),
        (and_(a == 0, b > 0), _double(0.0)),
        (or_(a == 0, func.abs(b) > _double(arithmetic.LARGEST_EXPONENT)), None),
        (and_(a < 0, b != func.trunc(b)), None),
        (within, func.power(a, b, type_=Double())),
    )


def texts(values: tuple[str, ...]) -> Value:
    """
    Bind a set of texts as columns keep it.

    Parameters
    ----------
    values
        The texts.

    Returns
    -------
    ColumnElement
        A text that is a JSON list.
    """
    return literal(json.dumps(sorted(set(values)), ensure_ascii=False), TEXT)


def sets_compare(test: ArrayTest, left: Value, right: Value, dialect_name: str) -> ColumnElement[bool]:
    """
    Compare two sets of texts.

    Parameters
    ----------
    test
        How.
    left, right
        The sets, as JSON lists.
    dialect_name
        Which database it is.

    Returns
    -------
    ColumnElement
        The condition.
    """
    match test:
        case ArrayTest.CONTAINS:
            return _contains(left, right, dialect_name)
        case ArrayTest.CONTAINED_BY:
            return _contains(right, left, dialect_name)
        case ArrayTest.EQUALS:
            return and_(_contains(left, right, dialect_name), _contains(right, left, dialect_name))
    if dialect_name != "postgresql":
        overlap: ColumnElement[bool] = func.texts_overlap(left, right, type_=Boolean())
        return overlap
    member = func.jsonb_array_elements_text(cast(right, JSONB)).column_valued("member")
    shares = exists(select(member).where(func.jsonb_exists(cast(left, JSONB), member)))
    # That there is no such member is not the same as an unknown set.
    return case((and_(left.is_not(None), right.is_not(None)), shares))


def _contains(first: Value, second: Value, dialect_name: str) -> ColumnElement[bool]:
    """Tell whether a set has all members of another."""
    if dialect_name == "postgresql":
        return cast(first, JSONB).contains(cast(second, JSONB))
    contains: ColumnElement[bool] = func.texts_contain(first, second, type_=Boolean())
    return contains
