"""Claims about whole numbers as protocol buffers write them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.tiles import varints

_NUMBERS = st.one_of(st.integers(0, 300), st.integers(0, 2**64 - 1))


def _read(written: bytes) -> list[int]:
    found, number, shift = [], 0, 0
    for byte in written:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(number)
            number, shift = 0, 0
    assert shift == 0
    return found


@pytest.mark.parametrize(("number", "written"), [(0, b"\0"), (1, b"\1"), (300, b"\xac\x02"), (127, b"\x7f")])
def test_one__is_what_the_documentation_of_protocol_buffers_shows(number: int, written: bytes) -> None:
    assert varints.one(number) == written


@given(st.lists(_NUMBERS))
def test_encoded__is_each_number_after_the_other(numbers: list[int]) -> None:
    array = np.array(numbers, np.uint64)
    taken = varints.sizes(array)
    written = varints.encoded(array, taken)
    assert written == b"".join(varints.one(number) for number in numbers)
    assert taken.tolist() == [len(varints.one(number)) for number in numbers]
    assert _read(written) == numbers


@given(st.lists(st.integers(-(2**62), 2**62)))
def test_zigzag__folds_negative_numbers_between_the_others(numbers: list[int]) -> None:
    folded = varints.zigzag(np.array(numbers, np.int64)).tolist()
    assert folded == [2 * number if number >= 0 else -2 * number - 1 for number in numbers]
