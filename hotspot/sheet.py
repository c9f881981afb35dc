"""
Many rows that say the same things of many places, by column.

The squares of a week are thousands, and all of them say the same week, edition and window: a row by itself
would cost more to make and to write than what it says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from hotspot.geojson import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import shapely

    from hotspot.geojson import Json


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    Rows of which each has a shape, and all the same time.

    Parameters
    ----------
    feature_ids
        Names of the rows, the same at every version.
    same
        What all rows say alike, by the names of the catalogue.
    each
        What each row says, by the names of the catalogue: a value for each row.
    shapes
        Shape of each row in the municipality's plane, in metres.
    areas
        Codes of the areas that each row touches.
    starts_s, ends_s
        First and last second of all of them, since 1970 in UTC; absent where they have no time.
    """

    feature_ids: Sequence[str] = ()
    same: Mapping[str, Json] = field(default_factory=dict)
    each: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    shapes: Sequence[shapely.Geometry | None] = ()
    areas: Sequence[tuple[str, ...]] = ()
    starts_s: int | None = None
    ends_s: int | None = None

    def __len__(self) -> int:
        return len(self.feature_ids)

    def saying(self, said: Mapping[str, Json], names: Iterable[str]) -> Sheet:
        """
        Say more of all rows, and nothing but what is named.

        Parameters
        ----------
        said
            What all rows say, too.
        names
            What may be told, in this order; what is not known is said to be absent.

        Returns
        -------
        Sheet
            The rows.
        """
        same = {**self.same, **said}
        each = {name: self.each[name] for name in names if name in self.each}
        return replace(self, same={name: same.get(name) for name in names if name not in each}, each=each)

    def texts(self, names: Sequence[str]) -> Iterator[str]:
        """
        Write each row as `canonical_json` would.

        Parameters
        ----------
        names
            What is written, in this order.

        Yields
        ------
        str
            A JSON object.

        Examples
        --------
        >>> sheet = Sheet(("a", "b"), {"week": "2010-W30"}, {"incidents": [3, 4]})
        >>> list(sheet.texts(["week", "incidents"]))
        ['{"week":"2010-W30","incidents":3}', '{"week":"2010-W30","incidents":4}']
        """
        said = {name: "%s" if name in self.each else _escaped(self.same[name]) for name in names}
        template = f"{{{','.join(f'{_escaped(name)}:{text}' for name, text in said.items())}}}"
        columns = [_written(self.each[name]) for name in names if name in self.each]
        if not columns:
            return iter([template % ()] * len(self))
        return map(template.__mod__, zip(*columns, strict=True))

    def columns(self, names: Sequence[str]) -> list[Sequence[Json]]:
        """
        Give the rows by column.

        Parameters
        ----------
        names
            What is given; what is not said is absent.

        Returns
        -------
        list of sequence
            A value for each row, of each name.
        """
        return [self.each[name] if name in self.each else [self.same.get(name)] * len(self) for name in names]


def _escaped(value: Json) -> str:
    """Write a value into a template."""
    return canonical_json(value).replace("%", "%%")


def _written(column: Sequence[Json]) -> list[str]:
    """Write the values of a column as `canonical_json` would, which is slow with single values."""
    kinds = set(map(type, column))
    if kinds == {int}:
        return list(map(int.__repr__, cast("Sequence[int]", column)))
    if kinds == {float} and all(map(math.isfinite, cast("Sequence[float]", column))):
        return list(map(float.__repr__, cast("Sequence[float]", column)))
    if kinds == {str}:
        texts = cast("Sequence[str]", column)
        known = {text: canonical_json(text) for text in set(texts)}
        return [known[text] for text in texts]
    return [canonical_json(value) for value in column]
