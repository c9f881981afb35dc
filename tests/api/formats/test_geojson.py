"""Whole selections as GeoJSON: the same bytes, however they are read and cut."""

from __future__ import annotations

import json

import pytest

from api.formats import geojson

_TEXTS = [json.dumps({"type": "Feature", "id": n, "name": "é" * (n % 7)}) for n in range(50)]


def _batches(size: int) -> list[list[str]]:
    return [_TEXTS[first : first + size] for first in range(0, len(_TEXTS), size)]


@pytest.mark.parametrize("size", [1, 7, 50])
@pytest.mark.parametrize("chunk", [1, 200, 1 << 18])
def test_file__does_not_depend_on_batches_nor_on_pieces(
    size: int, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geojson, "_CHUNK", chunk)
    whole = b"".join(geojson.file({"timeStamp": "now"}, _batches(size))).decode()
    features = ",\n".join(_TEXTS)
    assert whole == f'{{"type":"FeatureCollection","timeStamp":"now","features":[{features}]}}\n'
    lines = b"".join(geojson.lines(_batches(size))).decode()
    assert lines == "".join(f"\x1e{text}\n" for text in _TEXTS)


def test_file__of_nothing_is_a_collection() -> None:
    assert json.loads(b"".join(geojson.file({}, []))) == {"type": "FeatureCollection", "features": []}


def test_pieces__of_a_batch_of_large_features_are_small() -> None:
    large = ["x" * 10_000] * 1000
    sizes = [len(piece) for piece in geojson.file({}, [large])]
    assert max(sizes) <= 1 << 18
    assert len(sizes) < 50
