"""
Numbers that stand for the content of rows: the same in every process and on every machine.

SipHash 2-4 with a fixed key and the finaliser of SplitMix64 hash each value (pandas' `hash_array`); the
values of a row are mixed in the order of their columns by the same finaliser. A test holds known numbers, so
that a change is seen. That two of a million different rows share a number of 63 bits has a chance of 5 in 100
million.

References
----------
G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from hotspot.ingest.tables import Rows

_SAMPLE_ROWS = 2_000
"""Rows that tell whether a column repeats itself."""

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def content_keys(rows: Rows, columns: Sequence[str], *, source: str, dataset: str) -> NDArray[np.int64]:
    """
    Hash the content of some columns, row by row.

    A row in which all of them are empty, or any row if there are none, has nothing to be recognised by; its
    key then stands for the row itself.

    Parameters
    ----------
    rows
        The rows.
    columns
        Names of columns; their order matters.
    source
        Name of the source: the same content of another source has another key.
    dataset
        Name of the data set, which sets rows that have nothing else apart.

    Returns
    -------
    ndarray
        One number from 0 to 2**63 - 1 for each row, shape (n,).
    """
    hashes = np.full(len(rows), _hashes([source])[0], np.uint64)
    empty = np.ones(len(rows), np.bool_)
    for name in columns:
        hashes = _mixed(hashes, _column_hashes(rows.texts(name)))
        empty &= np.asarray(pc.equal(rows.texts(name), ""))
    if empty.any():
        nameless = _hashes([f"{source}\n{dataset}"])[0]
        numbers = rows.numbers[empty].astype(np.uint64)
        hashes[empty] = _mixed(np.full(numbers.size, nameless, np.uint64), numbers)
    return (hashes >> np.uint64(1)).astype(np.int64)


def _column_hashes(texts: pa.StringArray) -> NDArray[np.uint64]:
    """Hash a column; where few texts make it up, each of them once."""
    sample = texts.slice(0, _SAMPLE_ROWS)
    if 2 * pc.count_distinct(sample).as_py() > len(sample):
        return _hashes(texts.to_numpy(zero_copy_only=False))
    encoded = texts.dictionary_encode()
    of_distinct = _hashes(encoded.dictionary.to_numpy(zero_copy_only=False))
    hashes: NDArray[np.uint64] = of_distinct[np.asarray(encoded.indices)]
    return hashes


def _hashes(texts: Sequence[str] | NDArray[np.object_]) -> NDArray[np.uint64]:
    """Hash each text."""
    hashes: NDArray[np.uint64] = pd.util.hash_array(np.asarray(texts, dtype=np.object_), categorize=False)
    return hashes


def _mixed(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix two columns of numbers into one in which every bit depends on both."""
    mixed = (one ^ other) + _GAMMA + (one << np.uint64(6))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    last: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return last
