"""Claims about the index over polygons."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from hotspot.grid import _steps_to_touched


@given(st.integers(1, 12), st.data())
def test_steps_to_touched__are_the_moves_of_a_king(n: int, data: st.DataObject) -> None:
    touched = np.array(data.draw(st.lists(st.booleans(), min_size=n * n, max_size=n * n)), np.bool_)
    touched[data.draw(st.integers(0, n * n - 1))] = True
    expected = ndimage.distance_transform_cdt(~touched.reshape(n, n), metric="chessboard").ravel()
    assert _steps_to_touched(touched, n).tolist() == expected.tolist()
