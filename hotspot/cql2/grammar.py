"""
From a filter as text (CQL2 text) to the structure that a filter as JSON (CQL2 JSON) has.

One step down per rule of the language, without going back: time is linear in the length of the text. The
library `cql2` reads the same language and goes back at each bracket, so that a wrong filter of 4 KiB can hold
it for minutes; the tests compare the two where it is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.cql2.relations import ArrayTest, SpatialTest, TemporalTest
from hotspot.cql2.tokens import Kind, Token, shown, tokens
from hotspot.cql2.tree import Order, Sum
from hotspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotspot.cql2.json_text import Json

_DEEPEST = 32
"""Brackets within brackets: more than any generated filter has, few enough to be read one within another."""

_ORDERS = frozenset(order.value for order in Order)

_RESERVED = frozenset({"and", "or", "not", "like", "between", "in", "is", "null", "div"})
"""Words that are no names of properties unless they are quoted."""

_FUNCTIONS = {
    name.lower(): name for name in ("casei", "accenti", "isNull", *SpatialTest, *TemporalTest, *ArrayTest)
}
"""Functions by their name in small letters: text does not look at capitals, JSON does."""

_SHAPES = {
    name.lower(): name
    for name in (
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    )
}

_NESTING = {
    "Point": 0,
    "LineString": 1,
    "Polygon": 2,
    "MultiPoint": 1,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}
"""How many lists deep the positions of a kind of geometry lie."""


def structure(text: str) -> Json:
    """
    Read a filter as text.

    Parameters
    ----------
    text
        The filter.

    Returns
    -------
    object
        What the same filter is as JSON; its types have not been checked.

    Raises
    ------
    InvalidInput
        If it is not in the language.
    """
    reader = _Reader(tokens(text))
    read = reader.disjunction()
    if reader.next.kind is not Kind.END:
        raise reader.unexpected("an operator or the end")
    return read


class _Reader:
    """A place in a list of words, moving forward."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        """The word that has not been read yet."""
        return self._words[self._at]

    def _take(self) -> Token:
        word = self._words[self._at]
        self._at += 1
        return word

    def _took_sign(self, sign: str) -> bool:
        if self.next.is_sign(sign):
            self._at += 1
            return True
        return False

    def _took_word(self, word: str) -> bool:
        if self.next.is_word(word):
            self._at += 1
            return True
        return False

    def _need_sign(self, sign: str) -> None:
        if not self._took_sign(sign):
            raise self.unexpected(repr(sign))

    def unexpected(self, wanted: str) -> InvalidInput:
        """Say what should have come, and what came."""
        word = self.next
        came = "the end" if word.kind is Kind.END else shown(word.text)
        return InvalidInput(f"the filter needs {wanted} at character {word.position}, got {came}")

    def _bracketed(self, one: Callable[[], Json]) -> list[Json]:
        """Read what stands between an opening bracket, commas and the closing bracket; perhaps nothing."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InvalidInput(f"a filter has brackets at most {_DEEPEST} deep")
        self._need_sign("(")
        found: list[Json] = []
        if not self._took_sign(")"):
            found.append(one())
            while self._took_sign(","):
                found.append(one())
            self._need_sign(")")
        self._depth -= 1
        return found

    def disjunction(self) -> Json:
        """Read parts between OR."""
        return self._joined("or", lambda: self._joined("and", self._negation))

    def _joined(self, word: str, part: Callable[[], Json]) -> Json:
        parts = [part()]
        while self._took_word(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else {"op": word, "args": parts}

    def _negation(self) -> Json:
        n_negations = 0
        while self._took_word("not"):
            n_negations += 1
        read = self._comparison()
        for _ in range(n_negations):
            read = {"op": "not", "args": [read]}
        return read

    def _comparison(self) -> Json:
        left = self._sum()
        if self.next.kind is Kind.SIGN and self.next.text in _ORDERS:
            order = self._take().text
            return {"op": order, "args": [left, self._sum()]}
        if self._took_word("is"):
            negated = self._took_word("not")
            if not self._took_word("null"):
                raise self.unexpected("NULL")
            return _negated({"op": "isNull", "args": [left]}, negated=negated)
        negated = self._took_word("not")
        if self._took_word("like"):
            return _negated({"op": "like", "args": [left, self._sum()]}, negated=negated)
        if self._took_word("between"):
            low = self._sum()
            if not self._took_word("and"):
                raise self.unexpected("AND")
            return _negated({"op": "between", "args": [left, low, self._sum()]}, negated=negated)
        if self._took_word("in"):
            return _negated({"op": "in", "args": [left, self._bracketed(self._sum)]}, negated=negated)
        if negated:
            raise self.unexpected("LIKE, BETWEEN or IN")
        return left

    def _sum(self) -> Json:
        read = self._product()
        while self.next.kind is Kind.SIGN and self.next.text in {Sum.PLUS, Sum.MINUS}:
            operator = self._take().text
            read = {"op": operator, "args": [read, self._product()]}
        return read

    def _product(self) -> Json:
        read = self._power()
        while (self.next.kind is Kind.SIGN and self.next.text in {Sum.TIMES, Sum.DIVIDED, Sum.REMAINDER}) or (
            self.next.is_word(Sum.WHOLE)
        ):
            operator = self._take().text.lower()
            read = {"op": operator, "args": [read, self._power()]}
        return read

    def _power(self) -> Json:
        read = self._signed()
        while self._took_sign(Sum.POWER):
            read = {"op": Sum.POWER.value, "args": [read, self._signed()]}
        return read

    def _signed(self) -> Json:
        # The language binds a sign closer than a power: -2^2 is 4.
        if self._took_sign("+"):
            return self._number()
        if not self._took_sign("-"):
            return self._operand()
        if self.next.kind is Kind.NUMBER:
            return -self._number()
        return {"op": Sum.TIMES.value, "args": [-1, self._operand()]}

    def _number(self) -> int | float:
        if self.next.kind is not Kind.NUMBER:
            raise self.unexpected("a number")
        text = self._take().text
        return int(text) if text.isdigit() else float(text)

    def _operand(self) -> Json:
        word = self.next
        if word.kind is Kind.NUMBER:
            return self._number()
        if word.kind is Kind.TEXT:
            return self._take().text
        if word.kind is Kind.QUOTED:
            return {"property": self._take().text}
        if word.kind is Kind.NAME and word.text.lower() not in _RESERVED:
            return self._named()
        if word.is_sign("("):
            inside = self._bracketed(self.disjunction)
            return inside[0] if len(inside) == 1 else inside
        raise self.unexpected("a property, a value or a function")

    def _named(self) -> Json:
        """Read what begins with an unquoted name: a literal, a function or a property."""
        name = self.next.text.lower()
        if name in {"true", "false"}:
            self._take()
            return name == "true"
        following = self._words[self._at + 1]
        if name.removesuffix("z") in _SHAPES and (following.is_sign("(") or following.is_word("z")):
            return self._shape()
        written = self._take()
        return self._call(name, written) if following.is_sign("(") else {"property": written.text}

    def _call(self, name: str, written: Token) -> Json:
        """Read what stands in the brackets after a name."""
        if name == "bbox":
            return {"bbox": self._bracketed(self._coordinate)}
        if name in {"date", "timestamp"}:
            return {name: self._one_text()}
        if name == "interval":
            return {"interval": self._bracketed(self._operand)}
        if name in _FUNCTIONS:
            return {"op": _FUNCTIONS[name], "args": self._arguments(name)}
        raise InvalidInput(
            f"the filter has the function {shown(written.text)} at character {written.position}, "
            f"which does not exist"
        )

    def _arguments(self, name: str) -> list[Json]:
        arguments = self._bracketed(self.disjunction)
        if name.startswith("a_"):
            # A set of one text looks like a text in brackets.
            return [[one] if isinstance(one, str) else one for one in arguments]
        return arguments

    def _one_text(self) -> Json:
        self._need_sign("(")
        if self.next.kind is not Kind.TEXT:
            raise self.unexpected("a text in quotes")
        text = self._take().text
        self._need_sign(")")
        return text

    def _coordinate(self) -> Json:
        negative = self._took_sign("-")
        if not negative:
            self._took_sign("+")
        number = self._number()
        return -number if negative else number

    def _position(self) -> Json:
        position = [self._coordinate()]
        while not self.next.is_sign(",") and not self.next.is_sign(")"):
            position.append(self._coordinate())
        return list(position)

    def _shape(self) -> Json:
        kind = _SHAPES[self._take().text.lower().removesuffix("z")]
        self._took_word("z")
        if kind == "GeometryCollection":
            return {"type": kind, "geometries": self._bracketed(self._member)}
        if kind == "Point":
            points = self._bracketed(self._position)
            if len(points) != 1:
                raise InvalidInput(f"a point has one position, got {len(points)}")
            return {"type": kind, "coordinates": points[0]}
        if kind == "MultiPoint":
            return {"type": kind, "coordinates": self._bracketed(self._loose_position)}
        return {"type": kind, "coordinates": self._positions(_NESTING[kind])}

    def _member(self) -> Json:
        if self.next.text.lower().removesuffix("z") not in _SHAPES or self.next.kind is not Kind.NAME:
            raise self.unexpected("a geometry")
        return self._shape()

    def _loose_position(self) -> Json:
        """Read a position of a multipoint, whose own brackets may be left out."""
        if not self.next.is_sign("("):
            return self._position()
        points = self._bracketed(self._position)
        if len(points) != 1:
            raise InvalidInput(f"a point has one position, got {len(points)}")
        return points[0]

    def _positions(self, nesting: int) -> list[Json]:
        if nesting == 1:
            return self._bracketed(self._position)
        return self._bracketed(lambda: self._positions(nesting - 1))


def _negated(read: Json, *, negated: bool) -> Json:
    """Put NOT around what was read."""
    return {"op": "not", "args": [read]} if negated else read
