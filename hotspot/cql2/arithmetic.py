"""
Arithmetic that cannot fail: outside the bounds there is no result.

The same bounds are put to PostgreSQL (`hotspot.store.filters`), which would end the whole statement with an
error where a result is too large or too small for a number.
"""

from __future__ import annotations

import math

from hotspot.cql2.tree import Sum

LARGEST = 1e150
"""Numbers beyond it are not reckoned with: their product could be too large for any number."""

SMALLEST = 1e-150
"""Numbers other than zero that are closer to it are not reckoned with, since products could vanish."""

LARGEST_LOGARITHM = 345.0
"""Natural logarithm that the result of a power has at most, either side of zero: that of the bounds above."""

LARGEST_EXPONENT = 1e6
"""Exponents beyond it are not reckoned with."""


def _is_bounded(number: float) -> bool:
    """Tell whether a number is reckoned with."""
    return number == 0 or SMALLEST <= abs(number) <= LARGEST


def reckon(operator: str, left: float, right: float) -> float | None:
    """
    Reckon two numbers together.

    Parameters
    ----------
    operator
        A `Sum`.
    left, right
        The numbers.

    Returns
    -------
    float or None
        The result; absent where there is none, as with a division by zero, or where it is out of bounds.
    """
    if not (_is_bounded(left) and _is_bounded(right)):
        return None
    result: float | None
    match operator:
        case Sum.PLUS:
            result = left + right
        case Sum.MINUS:
            result = left - right
        case Sum.TIMES:
            result = left * right
        case Sum.POWER:
            result = _power(left, right)
        case _:
            result = None if right == 0 else _divided(operator, left, right)
    return result


def _divided(operator: str, left: float, right: float) -> float:
    """Divide by a number other than zero."""
    quotient = left / right
    if operator == Sum.DIVIDED:
        return quotient
    whole = float(math.trunc(quotient))
    # Not the exact remainder but this, since it is what can be put to either database alike.
    return whole if operator == Sum.WHOLE else left - right * whole


def _power(base: float, exponent: float) -> float | None:
    """Raise a number to a power."""
    if exponent == 0:
        return 1.0
    if base == 0:
        return 0.0 if exponent > 0 else None
    if base < 0 and exponent != math.trunc(exponent):
        return None
    if abs(exponent) > LARGEST_EXPONENT or abs(exponent * math.log(abs(base))) > LARGEST_LOGARITHM:
        return None
    return float(math.pow(base, exponent))
