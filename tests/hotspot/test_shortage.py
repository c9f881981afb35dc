"""What a test lacks; what it says in words is tested with the pipeline."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.shortage import _log_ways


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_log_ways__is_the_logarithm_of_the_exact_number(chosen: int, others: int) -> None:
    exact = math.log(math.comb(chosen + others, chosen))
    assert _log_ways(chosen + others, chosen) == pytest.approx(exact, rel=1e-9, abs=1e-8)
