from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hotspot.ingest.explanation import explain
from tests.hotspot.ingest.example import (
    LOADED_AT,
    csv_of,
    mapping_of,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_explain__says_what_codes_mean_and_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "incidents.csv"
    path.write_bytes(
        csv_of({}, {"begin": "2010-07-01"}, {"code": "?"}, {"code": "1.4.1"}, {"x": ""}, {"count": "-1"})
    )
    check = explain(mapping_of(), path, loaded_at=LOADED_AT)
    assert (check.rows, check.whole_file, check.fitting) == (6, True, 2)
    assert [(code.code, code.subtheme, code.rows, code.example_row) for code in check.codes] == [
        ("A50", "shoplifting", 3, 2)
    ]
    assert [(code.code, code.withheld) for code in check.unmapped] == [
        ("1.4.1", "never on a map"),
        ("?", None),
    ]
    assert {problem.reason: problem.rows for problem in check.problems} == {
        "unmapped_code": 2,
        "no_coordinates": 1,
        "reversed": 1,
    }
    assert check.unused == ("drug_nuisance.trade",)
    assert check.precision == {"minute": 1, "day": 1}
    assert check.reporters == {"citizen": 2}
    assert (check.first, check.last) == ("2010-06-30T22:00:00Z", "2010-07-26T06:30:00Z")
    assert json.loads(check.to_json())["fitting"] == 2


def test_explain__looks_at_a_sample_and_can_find_nothing(tmp_path: Path) -> None:
    path = tmp_path / "incidents.csv"
    path.write_bytes(csv_of({"code": "?"}, {}))
    check = explain(mapping_of(), path, loaded_at=LOADED_AT, sample_rows=1)
    assert (check.rows, check.whole_file, check.fitting, check.first) == (1, False, 0, None)
    path.write_bytes(csv_of())
    assert explain(mapping_of(), path, loaded_at=LOADED_AT).rows == 0
