from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hotspot.ingest.example import (
    accepted,
    batches,
    csv_of,
    mapping_of,
    one,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_keys__are_the_same_on_every_machine(tmp_path: Path) -> None:
    row = accepted(tmp_path)
    # Computed by SipHash 2-4 and SplitMix64 in plain Python. Stores keep such numbers: with others, every
    # incident would be a new one.
    assert [int(part[0]) for part in (row.key, row.reversal_key, row.fingerprint)] == [
        1210626215106913222,
        1871826917931728334,
        445092171106347766,
    ]


def test_keys__differ_between_sources_and_not_between_files(tmp_path: Path) -> None:
    here, there = (batches(csv_of({}), tmp_path, dataset=name)[0].accepted for name in ("a", "b"))
    other = accepted(tmp_path, mapping=mapping_of('name = "test"', 'name = "test"\nsource = "other"'))
    assert here.key[0] == there.key[0] != other.key[0]


def test_keys__of_rows_without_identity_tell_files_and_rows_apart(tmp_path: Path) -> None:
    unnamed = mapping_of('[duplicate]\ncolumns = "id"')
    keys = [
        key
        for name in ("a", "b")
        for batch in batches(csv_of({}, {}), tmp_path, mapping=unnamed, dataset=name, batch_rows=1)
        for key in batch.accepted.key
    ]
    assert len(set(keys)) == 4


def test_fingerprint__changes_with_every_column_that_is_read(tmp_path: Path) -> None:
    first = accepted(tmp_path).fingerprint[0]
    for change in (
        {"x": "501"},
        {"begin": "2010-07-26 08:31"},
        {"area": "E"},
        {"who": "x"},
        {"reported": ""},
    ):
        assert accepted(tmp_path, change).fingerprint[0] != first


def test_keys__do_not_depend_on_how_often_a_text_occurs(tmp_path: Path) -> None:
    alone = one(csv_of({"id": "a"}), tmp_path).accepted.key[0]
    among = one(csv_of({"id": "a"}, *([{"id": "b"}] * 9)), tmp_path).accepted.key[0]
    assert alone == among
