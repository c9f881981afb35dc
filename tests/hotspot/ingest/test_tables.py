from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
import shapely

from hotspot.errors import InvalidFile
from hotspot.ingest.mapping import parse_mapping
from hotspot.ingest.tables import count_rows
from hotspot.rows import Reason
from tests.hotspot.ingest.example import (
    MAPPING,
    POINTS,
    ROW,
    batches,
    csv_of,
    frame,
    mapping_of,
    one,
    utc,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "content",
    [
        csv_of({}, {}),
        csv_of({}, {}, delimiter=";"),
        csv_of({}, {}, delimiter="\t"),
        csv_of({}, {}, delimiter="|"),
        b"\xef\xbb\xbf" + csv_of({}, {}),
        b"\r\n\n" + csv_of({}, {}).replace(b"\n", b"\r\n") + b"\r\n\r\n",
        csv_of({}, {}).rstrip(b"\n"),
        gzip.compress(csv_of({}, {})),
        csv_of({"who": '"a\nb, ""c"""'}, {}),
        csv_of({"who": "é"}, {}),
        csv_of({}, {}).replace(b",1,W,", b",1,\xe9\x80,"),
        csv_of({}, {}).replace(b",1,W,", b",1,\xe9\x81,"),
    ],
    ids=["comma", "semicolon", "tab", "bar", "bom", "crlf", "no newline", "gzip", "quoted", "utf-8", "cp1252",
         "latin-1"],
)  # fmt: skip
def test_read_incidents__reads_csv_however_it_is_written(tmp_path: Path, content: bytes) -> None:
    batch = one(content, tmp_path)
    assert batch.accepted.row.tolist() == [2, 3]
    assert count_rows(tmp_path / "incidents.csv", mapping_of()) in {2, 3, 6}


def test_read_incidents__takes_the_encoding_and_the_delimiter_that_the_mapping_states(tmp_path: Path) -> None:
    stated = mapping_of("[file]", '[file]\nencoding = "latin-1"\ndelimiter = "^"')
    content = csv_of({"area": "Caf\u00e9"}, delimiter="^").decode().encode("latin-1")
    assert one(content, tmp_path, mapping=stated).accepted.stated_area.tolist() == ["Caf\u00e9"]


def test_read_incidents__a_file_with_a_header_only_has_no_rows(tmp_path: Path) -> None:
    for content in (csv_of(), csv_of().rstrip(b"\n"), csv_of() + b"\n\n"):
        assert batches(content, tmp_path) == []


@pytest.mark.parametrize("kind", ["gpkg", "parquet", "geojson", "geojson.gz"])
def test_read_incidents__reads_the_points_of_a_file(tmp_path: Path, kind: str) -> None:
    table = frame({}, {"x": "1500"}, {"x": "2500"})
    table.loc[3] = {**table.loc[0], "id": "3", "geometry": None}
    table.loc[4] = {**table.loc[0], "id": "4", "geometry": shapely.LineString([(0, 1), (2, 3)])}
    table = gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:28992")
    path, mapping = tmp_path / f"wrong.{kind}.txt", mapping_of(POINTS)
    if kind == "parquet":
        table.to_parquet(path)
    elif kind == "gpkg":
        table.to_file(tmp_path / "a.gpkg", driver="GPKG")
        (tmp_path / "a.gpkg").rename(path)
    else:
        text = table.to_crs("OGC:CRS84").to_json(to_wgs84=True).encode()
        path.write_bytes(gzip.compress(text, mtime=0) if kind.endswith("gz") else text)
        mapping = parse_mapping(
            MAPPING.replace(POINTS, "").replace("EPSG:28992", "OGC:CRS84").encode(), origin="m"
        )
    batch = one(path, tmp_path, mapping=mapping)
    assert batch.accepted.row.tolist() == [1, 2]
    assert batch.accepted.neighbourhood.tolist() == ["W", "E"]
    assert np.abs(batch.accepted.xy_m - [[500, 1500], [1500, 1500]]).max() < 0.5
    reasons = [Reason.OUTSIDE, Reason.NO_COORDINATES, Reason.NO_COORDINATES]
    assert batch.refused.reason.tolist() == reasons
    assert batch.refused.detail[1] == "the row has no point as its geometry"
    assert count_rows(path, mapping) == (None if kind.startswith("geojson") else 5)


def test_read_incidents__reads_typed_columns_of_a_plain_parquet_file(tmp_path: Path) -> None:
    rows = pd.DataFrame([{**ROW, "id": "1"}, {**ROW, "id": "2"}]).assign(
        x=[500.0, float("nan")],
        y=1500,
        begin=pd.to_datetime(["2010-07-26 08:30", "2010-07-26 08:30"]),
        end=pd.Series([dt.date(2010, 7, 27), None], dtype=object),
        code=["A50\0", "A50"],
        count=1,
    )
    rows.to_parquet(tmp_path / "a.parquet")
    batch = one(tmp_path / "a.parquet", tmp_path)
    assert batch.accepted.ended_s.tolist() == [utc("2010-07-27 21:59:59")]
    assert batch.accepted.code.tolist() == ["A50"]
    raw = json.loads(batch.refused.raw[0])
    assert raw["x"] is None
    assert raw["begin"] == "2010-07-26 08:30:00"


def test_read_incidents__times_of_a_geopackage_are_utc_unless_the_mapping_says_otherwise(
    tmp_path: Path,
) -> None:
    table = frame({}).assign(begin=pd.to_datetime(["2010-07-26 08:30"]))
    table.to_file(tmp_path / "a.gpkg", driver="GPKG")
    ignoring = parse_mapping(
        MAPPING.replace(POINTS, "")
        .replace('start = "begin"', 'start = "begin"\nignore_offset = true')
        .encode(),
        origin="m",
    )
    times = [
        one(tmp_path / "a.gpkg", tmp_path, mapping=mapping).accepted.started_s[0]
        for mapping in (mapping_of(POINTS, ""), ignoring)
    ]
    assert times == [utc("2010-07-26 08:30"), utc("2010-07-26 06:30")]


def test_read_incidents__a_geojson_without_features_has_no_rows(tmp_path: Path) -> None:
    degrees = MAPPING.replace(POINTS, "").replace("EPSG:28992", "OGC:CRS84")
    mapping = parse_mapping(degrees.encode(), origin="m")
    assert batches(b'{"type":"FeatureCollection","features":[]}', tmp_path, mapping=mapping) == []


def geoparquet(tmp_path: Path, metadata: bytes) -> bytes:
    path = tmp_path / "made.parquet"
    table = pa.table({name: [text] for name, text in ROW.items()} | {"g": [b"?"]})
    pa.parquet.write_table(table.replace_schema_metadata({b"geo": metadata}), path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "a header and rows are required, got an empty file"),
        (b" \n \n", "got an empty file"),
        (csv_of({}, {}) + b"1,2\n", "row 4: 10 fields are required, as in the header, got 2"),
        (csv_of({}, {})[:-1] + b",\n", "row 3: 10 fields are required, as in the header, got 11"),
        (csv_of({"who": '"a\nb"'}, {}) + b"\n1\n", "row 4: 10 fields are required, as in the header, got 1"),
        (csv_of({}).replace(b"begin", b"a").replace(b",who", b",b"), "the columns 'begin', 'who', got"),
        (csv_of({}).replace(b"begin", b"begn"), "(meant: 'begn'?)"),
        (csv_of({}) + b"\x00\x01", "got bytes that are no text"),
        (bytes(range(256)) * 4, "got bytes that are no text"),
        (gzip.compress(csv_of({}) * 999)[:-9], "a whole gzip file is required, got a damaged one"),
        (gzip.compress(csv_of({}))[:-4] + b"abcd", "a whole gzip file is required, got a damaged one"),
        (b"\x1f\x8b garbage", "a whole gzip file is required, got a damaged one"),
        (b"PK\x03\x04...", "got an Excel workbook or a zip archive"),
        (b"\xff\xfea\0", "got text in UTF-16"),
        (b"PAR1....", "a readable Parquet file is required"),
        (gzip.compress(b"PAR1....", mtime=0), "a Parquet file that is not gzipped is required, got gzip"),
        (b"SQLite format 3\0....", "a readable GPKG file is required"),
        (b'{"type": "FeatureCollection", "features": [', "a readable GeoJSON file is required"),
        (b'{"a": 1}', "a readable GeoJSON file is required"),
        (b'"' + b"x" * 300_000, "got a first row that never ends"),
        (csv_of() + b'"' + b"x" * 200_000, "row 2: rows are required, got field larger than field limit"),
        (csv_of({}) + b'"' + b"x" * 200_000, "row 3: rows are required, got field larger than field limit"),
    ],
)  # fmt: skip
def test_read_incidents__tells_one_clear_error_for_a_wrong_file(
    tmp_path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(InvalidFile) as caught:
        batches(content, tmp_path)
    assert str(caught.value).startswith("incidents.csv")
    assert told in str(caught.value)


def test_read_incidents__tells_where_the_text_is_in_another_encoding(tmp_path: Path) -> None:
    stated = mapping_of("[file]", '[file]\nencoding = "utf-8"')
    with pytest.raises(InvalidFile, match="text in utf-8 is required, got other bytes"):
        batches(csv_of({}).replace(b",W,", b",\xe9,"), tmp_path, mapping=stated)


def test_read_incidents__a_row_longer_than_two_blocks_is_refused(tmp_path: Path) -> None:
    wide = csv_of({}).replace(b"\n", b",%s\n" % b",".join([b"x" * 120_000] * 200))
    with pytest.raises(InvalidFile, match="a readable CSV file is required; the reader says: straddling"):
        batches(wide.replace(wide.splitlines()[0], csv_of().strip() + b",a" * 200), tmp_path)
    with pytest.raises(InvalidFile, match=r"incidents\.csv"):
        batches(csv_of({"who": "x" * (40 << 20)}), tmp_path)


def test_read_incidents__refuses_a_parquet_file_with_damaged_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame([{**ROW, "id": str(i)} for i in range(999)]).to_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[:8] + b"\xff" * 2_000 + content[2_008:])
    with pytest.raises(InvalidFile, match=r"a\.parquet: a readable Parquet file is required"):
        batches(path, tmp_path)


def test_read_incidents__two_columns_may_hold_the_place_in_a_file_with_points(tmp_path: Path) -> None:
    table = frame({}).to_crs("EPSG:31370").assign(x=500, y=1500)
    table.to_file(tmp_path / "a.gpkg", driver="GPKG")
    assert one(tmp_path / "a.gpkg", tmp_path).accepted.xy_m.tolist() == [[500, 1500]]


def test_read_incidents__tells_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="a file is required, got none at this place"):
        batches(tmp_path / "none.csv", tmp_path)


def test_read_incidents__refuses_points_in_another_crs_than_the_mapping_says(tmp_path: Path) -> None:
    table = frame({})
    other = table.to_crs("EPSG:31370")
    other.to_file(tmp_path / "a.gpkg", driver="GPKG")
    other.to_parquet(tmp_path / "a.parquet")
    table.set_crs(None, allow_override=True).to_parquet(tmp_path / "b.parquet")
    for name in ("a.gpkg", "a.parquet"):
        with pytest.raises(InvalidFile, match="geometries in EPSG:28992 are required, as the mapping says"):
            batches(tmp_path / name, tmp_path, mapping=mapping_of(POINTS))


def test_read_incidents__needs_the_name_of_one_of_several_layers(tmp_path: Path) -> None:
    for layer in ("first", "second"):
        frame({}).to_file(tmp_path / "a.gpkg", driver="GPKG", layer=layer)
    with pytest.raises(InvalidFile, match=r"one layer is required, .*, got first, second"):
        batches(tmp_path / "a.gpkg", tmp_path, mapping=mapping_of(POINTS))
    named = parse_mapping(
        MAPPING.replace(POINTS, "").replace("[file]", '[file]\nlayer = "second"').encode(), origin="m"
    )
    assert len(one(tmp_path / "a.gpkg", tmp_path, mapping=named).accepted) == 1
    absent = parse_mapping(
        MAPPING.replace(POINTS, "").replace("[file]", '[file]\nlayer = "third"').encode(), origin="m"
    )
    with pytest.raises(InvalidFile, match="a readable GPKG file is required"):
        batches(tmp_path / "a.gpkg", tmp_path, mapping=absent)
    assert count_rows(tmp_path / "a.gpkg", absent) is None


@pytest.mark.parametrize("metadata", [b"?", b"{}", b"[]", b'{"primary_column": "g", "columns": {"g": 1}}'])
def test_read_incidents__refuses_a_geoparquet_file_with_wrong_metadata(
    tmp_path: Path, metadata: bytes
) -> None:
    with pytest.raises(InvalidFile, match="GeoParquet metadata are required"):
        batches(geoparquet(tmp_path, metadata), tmp_path, mapping=mapping_of(POINTS))


def test_read_incidents__refuses_geoparquet_in_another_encoding(tmp_path: Path) -> None:
    metadata = b'{"primary_column": "g", "columns": {"g": {"encoding": "point"}}}'
    with pytest.raises(InvalidFile, match="geometries as WKB are required, got point"):
        batches(geoparquet(tmp_path, metadata), tmp_path, mapping=mapping_of(POINTS))
    # Where two columns hold the coordinates, the geometries do not matter.
    assert len(one(geoparquet(tmp_path, metadata), tmp_path).accepted) == 1


def test_read_incidents__refuses_a_crs_that_nobody_knows(tmp_path: Path) -> None:
    metadata = b'{"primary_column": "g", "columns": {"g": {"encoding": "WKB", "crs": {"a": 1}}}}'
    with pytest.raises(InvalidFile, match="geometries in EPSG:28992 are required"):
        batches(geoparquet(tmp_path, metadata), tmp_path, mapping=mapping_of(POINTS))


def test_read_incidents__refuses_a_column_of_lists(tmp_path: Path) -> None:
    table = pa.table({name: [[text]] if name == "code" else [text] for name, text in ROW.items()})
    pa.parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(InvalidFile, match="column 'code': text, numbers or dates are required, got list"):
        batches(tmp_path / "a.parquet", tmp_path)


def test_read_incidents__numbers_columns_that_share_a_name(tmp_path: Path) -> None:
    content = csv_of({"code": "?"}).replace(b",who\n", b",who,who,who\n").replace(b"W,\n", b"W,,1,2\n")
    raw = json.loads(one(content, tmp_path).refused.raw[0])
    assert (raw["who"], raw["who (2)"], raw["who (3)"]) == ("", "1", "2")
