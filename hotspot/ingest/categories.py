"""What happened, and who told it? Codes of rows -> categories by the rules of a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspot.ingest.rules import Category, Withheld, folded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.ingest.mapping import Mapping
    from hotspot.ingest.tables import Rows

JOINT = " | "
"""Stands between the values of several columns that together form a code."""


@dataclass(frozen=True, slots=True)
class Categories:
    """
    What the codes of rows mean.

    Parameters
    ----------
    code
        Code of each row as the source writes it; empty if it has none.
    meanings
        Distinct meanings, the first being None: no rule names the code.
    meaning
        Position of each row's meaning.
    """

    code: NDArray[np.object_]
    meanings: tuple[Category | Withheld | None, ...]
    meaning: NDArray[np.int64]

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Rows with a theme and a subtheme."""
        return self._where([isinstance(meaning, Category) for meaning in self.meanings])

    @property
    def sensitive(self) -> NDArray[np.bool_]:
        """Rows of which not even the refused row may be kept in full."""
        return self._where([isinstance(meaning, Withheld) and meaning.sensitive for meaning in self.meanings])

    @property
    def theme(self) -> NDArray[np.object_]:
        """Theme of each row that is shown, None elsewhere."""
        return self._name(
            [meaning.theme if isinstance(meaning, Category) else None for meaning in self.meanings]
        )

    @property
    def subtheme(self) -> NDArray[np.object_]:
        """Subtheme of each row that is shown, None elsewhere."""
        return self._name(
            [meaning.subtheme if isinstance(meaning, Category) else None for meaning in self.meanings]
        )

    def shortcoming(self, row: int, mapping_name: str) -> str:
        """
        Say in a sentence why a row is not shown.

        Parameters
        ----------
        row
            Position of the row.
        mapping_name
            Name of the mapping.

        Returns
        -------
        str
            The sentence.
        """
        meaning = self.meanings[self.meaning[row]]
        code = self.code[row]
        if isinstance(meaning, Withheld):
            return f"code {code!r} is deliberately left out: {meaning.why}"
        return (
            f"code {code!r} stands in no theme of mapping {mapping_name}" if code else "the row has no code"
        )

    def _where(self, of_meaning: list[bool]) -> NDArray[np.bool_]:
        """Spread a property of meanings over the rows."""
        spread: NDArray[np.bool_] = np.array(of_meaning, np.bool_)[self.meaning]
        return spread

    def _name(self, of_meaning: list[str | None]) -> NDArray[np.object_]:
        """Spread a name of meanings over the rows."""
        spread: NDArray[np.object_] = np.array(of_meaning, dtype=np.object_)[self.meaning]
        return spread


def categories(rows: Rows, mapping: Mapping) -> Categories:
    """
    Say what the codes of rows mean.

    Of several columns the first whose code a rule names decides, unless the mapping joins them into one code;
    a code that is deliberately left out, in whichever column, decides before any other.

    Parameters
    ----------
    rows
        The rows.
    mapping
        Where the codes stand and what they mean.

    Returns
    -------
    Categories
        One meaning for each row.
    """
    table: dict[Category | Withheld | None, int] = {None: 0}
    read = [_column(texts, mapping, table) for texts in _codes(rows, mapping)]
    code, meaning = read[0]
    withheld = np.array([isinstance(one, Withheld) for one in table], np.bool_)
    for other_code, other in read[1:]:
        better = ((meaning == 0) & ((other != 0) | (code == ""))) | (withheld[other] & ~withheld[meaning])
        code, meaning = np.where(better, other_code, code), np.where(better, other, meaning)
    return Categories(code, tuple(table), meaning)


def reporters(rows: Rows, mapping: Mapping, found: Categories) -> NDArray[np.object_]:
    """
    Say who made each incident known: what its column says, else what its code tells, else the default.

    Parameters
    ----------
    rows
        The rows.
    mapping
        Where that stands.
    found
        What the codes mean.

    Returns
    -------
    ndarray of object
        `citizen`, `police` or `unknown` for each row.
    """
    reporting = mapping.reporting
    of_meaning = [
        meaning.reporter
        if isinstance(meaning, Category) and meaning.reporter is not None
        else reporting.default
        for meaning in found.meanings
    ]
    reporter = np.array([one.value for one in of_meaning], dtype=np.object_)[found.meaning]
    if reporting.column is not None:
        encoded = rows.texts(reporting.column).dictionary_encode()
        said = [reporting.values.get(folded(text)) for text in encoded.dictionary.to_pylist()]
        spoken = np.array([None if one is None else one.value for one in said], dtype=np.object_)
        by_column = spoken[np.asarray(encoded.indices)]
        reporter = np.where(by_column == None, reporter, by_column)  # noqa: E711 (elementwise)
    return reporter


def _codes(rows: Rows, mapping: Mapping) -> list[pa.StringArray]:
    """Columns of codes, one if they are joined or constant."""
    code = mapping.code
    if not code.columns:
        return [pa.repeat(pa.scalar(code.constant), len(rows))]
    texts = [rows.texts(name) for name in code.columns]
    return [pc.binary_join_element_wise(*texts, JOINT)] if code.joined else texts


def _column(
    texts: pa.StringArray, mapping: Mapping, table: dict[Category | Withheld | None, int]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Codes of one column, and the positions of their meanings in the table, which grows."""
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    of_code = [
        table.setdefault(mapping.rules.meaning(code) if code else None, len(table)) for code in distinct
    ]
    row = np.asarray(encoded.indices)
    return np.array(distinct, dtype=np.object_)[row], np.array(of_code, np.int64)[row]
