"""Which features a request wants, and which of their properties: what pages, files and tiles are asked by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from api import columns, moments, parameters, serving, space
from api.formats.told import Told
from api.queries import Parameter
from api.queries import told as told_back
from hotspot.catalogue import PropertyType, Reference
from hotspot.cql2 import reading
from hotspot.cql2.tree import And, Comparison, Order, PropertyName
from hotspot.cql2.tree import Literal as Stated
from hotspot.errors import InvalidInput, InvalidParameter
from hotspot.selection import Selection

if TYPE_CHECKING:
    from api.access.callers import Caller
    from api.columns import Value
    from api.queries import Reader
    from hotspot.catalogue import Collection, Disclosure
    from hotspot.cql2.tree import Expression
    from hotspot.selection import Box

MAX_FILTER = 4096
"""Characters of a filter: some hundred times what anybody types."""

TOUCHED = frozenset({"hotspots", "hotspots-latest"})
"""Collections that can be asked for what touches an area; rankings have the area as a property."""


def _filter_text(text: str) -> str:
    """Let a filter of an endurable size through; it is read once its language is known."""
    if not 1 <= len(text) <= MAX_FILTER:
        raise InvalidParameter(f"filter must be 1 to {MAX_FILTER} characters, got {len(text)}")
    return text


FILTER = Parameter(
    "filter",
    _filter_text,
    {"type": "string", "minLength": 1, "maxLength": MAX_FILTER},
    "Only what this filter holds for (CQL2); its properties are those of the queryables.",
    "rank <= 3 AND grade = 'confirmed'",
)

Language = Literal["cql2-text", "cql2-json"]
"""Languages of filters."""


def _language(text: str) -> Language:
    """Read the language of a filter."""
    if text == "cql2-text":
        return "cql2-text"
    if text == "cql2-json":
        return "cql2-json"
    raise InvalidParameter(f"filter-lang must be cql2-text or cql2-json, got {told_back(text)}")


FILTER_LANG: Parameter[Language] = Parameter(
    "filter-lang",
    _language,
    {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"},
    "Language of `filter`.",
    "cql2-text",
)


def _box(given: Reader) -> Box | None:
    """Read the box in its system."""
    system = given.read(space.BBOX_CRS, Reference.CRS84)
    corners = given.read(space.BBOX, None)
    if corners is None:
        return None
    try:
        return space.box(corners, system)
    except InvalidParameter as error:
        given.refuse(space.BBOX, str(error))
        return None


def where(given: Reader, collection: Collection, level: Disclosure) -> Expression | None:
    """
    Read the filter and the properties that are given one value.

    Parameters
    ----------
    given
        Reads the parameters of the request; what is wrong with them is noted there.
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    Expression or None
        What both want; absent where there is neither.
    """
    parts: list[Expression] = []
    text = given.read(FILTER, None)
    language: Language = given.read(FILTER_LANG, "cql2-text")
    system = given.read(space.FILTER_CRS, Reference.CRS84)
    if text is not None:
        kinds = columns.queryables(collection, level)
        try:
            parts.append(reading.parse(text, language, queryables=kinds, filter_reference=system))
        except InvalidInput as error:
            given.refuse(FILTER, str(error))
    for name, (kind, value) in _equal(given, collection, level).items():
        parts.append(Comparison(Order.EQUAL, PropertyName(name, kind), Stated(value, kind)))
    return None if not parts else parts[0] if len(parts) == 1 else And(tuple(parts))


def _equal(given: Reader, collection: Collection, level: Disclosure) -> dict[str, tuple[PropertyType, Value]]:
    """Read the properties that are given one value."""
    kinds = columns.queryables(collection, level)
    values = given.read_given(_by_name(collection, level))
    return {name: (kinds[name], values[name]) for name in sorted(values)}


@columns.once
def _by_name(collection: Collection, level: Disclosure) -> dict[str, Parameter[Value]]:
    """Index the parameters that are properties."""
    return {one.name: one for one in columns.conditions(collection, level)}


def told(given: Reader, collection: Collection, level: Disclosure) -> Told:
    """
    Read what is told of each feature.

    Parameters
    ----------
    given
        Reads the parameters of the request; what is wrong with them is noted there.
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    Told
        All of it where nothing is asked for.
    """
    every = columns.told(collection, level)
    only = given.read(columns.told_only(collection, level), None)
    without = given.read(columns.told_not(collection, level), ())
    if only is None and not without:
        return Told(every[:-1], has_shape=True, is_all=True)
    kept = tuple(one for one in every if (only is None or one in only) and one not in without)
    names = tuple(one for one in kept if one != columns.GEOMETRY)
    return Told(names, has_shape=columns.GEOMETRY in kept, is_all=kept == every)


def selection(given: Reader, collection: Collection, caller: Caller) -> Selection:
    """
    Read which features are wanted.

    Parameters
    ----------
    given
        Reads the parameters of the request; what is wrong with them is noted there.
    collection
        The collection.
    caller
        Who asks.

    Returns
    -------
    Selection
        At version 0, until the store has told its own.
    """
    level = caller.level
    return Selection(
        collection,
        level,
        version=0,
        where=where(given, collection, level),
        box=_box(given),
        interval=given.read(moments.DATETIME, None),
        areas=serving.areas(collection, caller),
        area=given.read(parameters.AREA, None) if collection.id in TOUCHED else None,
        sort=given.read(columns.order(collection, level), ()),
    )
