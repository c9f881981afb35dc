"""What JSON cannot say is refused or left out; see `test_publication` for shapes."""

from __future__ import annotations

import math

import pytest

from hotspot.geojson import canonical_json, number


def test_canonical_json__refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"risk": math.nan})


def test_number__leaves_out_what_json_cannot_say_and_has_no_negative_zero() -> None:
    assert [number(value, 2) for value in (math.inf, math.nan, 1.005, 2.345678)] == [None, None, 1.0, 2.35]
    assert math.copysign(1, number(-0.001, 2) or 0.0) == 1
