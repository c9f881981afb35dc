"""What: properties as requests name them, to choose rows by, to order them by, and to be told."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from api import moments
from api.parameters import MAX_NAME_LENGTH
from api.queries import Parameter
from api.queries import told as told_back
from hotspot.catalogue import PropertyType
from hotspot.errors import InvalidParameter
from hotspot.selection import SortKey
from hotspot.weeks import Week

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from hotspot.catalogue import Collection, Disclosure, Property

T = TypeVar("T")

GEOMETRY = "geometry"
"""Name of the geometry in filters and schemas."""

MAX_KEYS = 8
"""Keys of an order; more than anybody reads."""

_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,300}(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)

Value = str | int | float | bool | Any  # Any: a date or an instant.

_SCHEMAS: Mapping[PropertyType, Mapping[str, object]] = {
    PropertyType.TEXT: {"type": "string"},
    PropertyType.INTEGER: {"type": "integer"},
    PropertyType.NUMBER: {"type": "number"},
    PropertyType.BOOLEAN: {"type": "boolean"},
    PropertyType.DATE: {"type": "string", "format": "date"},
    PropertyType.INSTANT: {"type": "string", "format": "date-time"},
    PropertyType.TEXTS: {"type": "array", "items": {"type": "string"}},
}


def once(make: Callable[[Collection, Disclosure], T]) -> Callable[[Collection, Disclosure], T]:
    """
    Keep what is made for a collection and a level.

    Parameters
    ----------
    make
        Makes it.

    Returns
    -------
    callable
        Makes it once; goes by the collection's name, since to hash all of its properties takes longer than
        most of what is made.
    """
    made: dict[tuple[str, Disclosure], T] = {}

    @wraps(make)
    def kept(collection: Collection, level: Disclosure) -> T:
        key = (collection.id, level)
        if key not in made:
            made[key] = make(collection, level)
        return made[key]

    return kept


@once
def queryables(collection: Collection, level: Disclosure) -> dict[str, PropertyType]:
    """
    List by what rows can be chosen.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    dict
        Type by name, the geometry among them.
    """
    return {one.name: one.type for one in collection.told(level)} | {GEOMETRY: PropertyType.GEOMETRY}


@once
def sortables(collection: Collection, level: Disclosure) -> tuple[Property, ...]:
    """
    List by what rows can be ordered.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    tuple of Property
        All but lists.
    """
    return tuple(one for one in collection.told(level) if one.type is not PropertyType.TEXTS)


def schema(one: Property) -> dict[str, object]:
    """
    Write the JSON schema of a property's values.

    Parameters
    ----------
    one
        The property.

    Returns
    -------
    dict
        The schema, without title and description.
    """
    found = dict(_SCHEMAS[one.type])
    return found | {"enum": list(one.one_of)} if one.one_of else found


@once
def conditions(collection: Collection, level: Disclosure) -> tuple[Parameter[Value], ...]:
    """
    Make a parameter of each property that has one value: only rows with just that value.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    tuple of Parameter
        In the order of the properties.
    """
    return tuple(_condition(one) for one in sortables(collection, level))


def _condition(one: Property) -> Parameter[Value]:
    """Make the parameter of a property."""
    readers: Mapping[PropertyType, Callable[[str, str], Value]] = {
        PropertyType.TEXT: _text,
        PropertyType.INTEGER: _integer,
        PropertyType.NUMBER: _number,
        PropertyType.BOOLEAN: _boolean,
        PropertyType.DATE: _date,
        PropertyType.INSTANT: _instant,
    }
    reader = _week if one.name == "week" else readers[one.type]

    def parse(text: str) -> Value:
        if one.one_of and text not in one.one_of:
            raise InvalidParameter(
                f"{one.name} must be one of {', '.join(one.one_of)}, got {told_back(text)}"
            )
        return reader(one.name, text)

    return Parameter(
        one.name,
        parse,
        schema(one),
        f"Only where it is just this. {one.description}",
        one.one_of[0] if one.one_of else _EXAMPLES[one.type] if one.name != "week" else "2010-W30",
    )


_EXAMPLES: Mapping[PropertyType, object] = {
    PropertyType.TEXT: "drug_nuisance",
    PropertyType.INTEGER: 1,
    PropertyType.NUMBER: 0.5,
    PropertyType.BOOLEAN: True,
    PropertyType.DATE: "2010-07-26",
    PropertyType.INSTANT: "2010-07-26T12:00:00Z",
}


def _text(name: str, text: str) -> str:
    """Read a text; nothing that cannot be printed is in one of ours."""
    if len(text) > MAX_NAME_LENGTH or not text.isprintable():
        raise InvalidParameter(
            f"{name} must be at most {MAX_NAME_LENGTH} printable characters, got {told_back(text)}"
        )
    return text


def _week(name: str, text: str) -> str:
    """Read an ISO week in either of its forms."""
    return str(Week.parse(_text(name, text)))


def _integer(name: str, text: str) -> int:
    """Read a whole number."""
    if not _WHOLE.fullmatch(text):
        raise InvalidParameter(f"{name} must be a whole number, got {told_back(text)}")
    return int(text)


def _number(name: str, text: str) -> float:
    """Read a number."""
    if not _NUMBER.fullmatch(text) or abs(float(text)) == float("inf"):
        raise InvalidParameter(f"{name} must be a number, got {told_back(text)}")
    return float(text)


def _boolean(name: str, text: str) -> bool:
    """Read true or false; GDAL knows them as 1 and 0 only."""
    if text not in {"true", "false", "1", "0"}:
        raise InvalidParameter(f"{name} must be true or false, got {told_back(text)}")
    return text in {"true", "1"}


def _date(name: str, text: str) -> dt.date:
    """Read a day."""
    try:
        return moments.day(text)
    except InvalidParameter as error:
        raise InvalidParameter(f"{name} must be a day as 2010-07-26, got {told_back(text)}") from error


def _instant(name: str, text: str) -> dt.datetime:
    """Read an instant."""
    try:
        return moments.instant(text)
    except InvalidParameter as error:
        raise InvalidParameter(
            f"{name} must be an instant as 2010-07-26T12:00:00Z, got {told_back(text)}"
        ) from error


@once
def order(collection: Collection, level: Disclosure) -> Parameter[tuple[SortKey, ...]]:
    """
    Make the parameter that orders the rows.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    Parameter
        The parameter `sortby`.
    """
    names = [one.name for one in sortables(collection, level)]

    def parse(text: str) -> tuple[SortKey, ...]:
        # A plus that was not escaped arrives as a blank.
        parts = [part.strip() for part in text.split(",")]
        bare = [part.removeprefix("-") if part.startswith("-") else part.removeprefix("+") for part in parts]
        _check("sortby", text, bare, names, most=MAX_KEYS)
        return tuple(
            SortKey(name, descending=part.startswith("-")) for part, name in zip(parts, bare, strict=True)
        )

    return Parameter(
        "sortby",
        parse,
        {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_KEYS,
            "items": {"type": "string", "enum": [sign + name for name in names for sign in ("", "+", "-")]},
        },
        "Order of the features: names of properties separated by commas, `-` before one whose largest values "
        "come first. Those without a value come last. Ties, and all where it is absent, are in the order of "
        "publication.",
        [f"-{names[0]}"],
    )


@once
def told(collection: Collection, level: Disclosure) -> tuple[str, ...]:
    """
    List what a feature tells beside its name.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    tuple of str
        Names of its properties in order, and the geometry.
    """
    return (*(one.name for one in collection.told(level)), GEOMETRY)


@once
def told_only(collection: Collection, level: Disclosure) -> Parameter[tuple[str, ...]]:
    """
    Make the parameter that says which properties are told.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    Parameter
        The parameter `properties`.
    """
    return _names(
        "properties",
        collection,
        level,
        "Only these properties are told; the geometry is one of them (`geometry`), and null where it is not.",
    )


@once
def told_not(collection: Collection, level: Disclosure) -> Parameter[tuple[str, ...]]:
    """
    Make the parameter that says which properties are left out.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    Parameter
        The parameter `exclude-properties`.
    """
    return _names(
        "exclude-properties", collection, level, "All properties and the geometry are told but these."
    )


def _names(
    name: str, collection: Collection, level: Disclosure, description: str
) -> Parameter[tuple[str, ...]]:
    """Make a parameter that lists properties."""
    names = list(told(collection, level))

    def parse(text: str) -> tuple[str, ...]:
        parts = [part.strip() for part in text.split(",")]
        _check(name, text, parts, names, most=len(names))
        return tuple(parts)

    schema = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": names}}
    return Parameter(name, parse, schema, description, names[:2])


def _check(name: str, text: str, parts: list[str], names: list[str], *, most: int) -> None:
    """Refuse names that there are not, that stand twice, or that are too many."""
    unknown = [part for part in parts if part not in names]
    if unknown:
        where = "sortables" if name == "sortby" else "schema"
        raise InvalidParameter(f"{name} must name properties that {where} lists, got {told_back(unknown[0])}")
    if len(set(parts)) != len(parts) or len(parts) > most:
        raise InvalidParameter(f"{name} must be at most {most} different names, got {told_back(text)}")
