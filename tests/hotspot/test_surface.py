"""Density squares as numbers on a grid."""

from __future__ import annotations

import json
import zlib

import numpy as np

from hotspot.surface import Square, columns, grid


def test_squares__of_several_sizes_lie_on_the_grid_of_the_smallest() -> None:
    squares = [
        Square(1250.0, 500.0, 250, 7, 112.04, None),
        Square(1000.0, 500.0, 250, 5, 80.0, 1.234),
        Square(1000.0, 750.0, 125, 9, 576.0, 8.0),
    ]
    on = grid(squares)
    assert on is not None
    assert (on.size_m, on.columns, on.rows) == (125, 4, 3)
    assert on.corners_m == [(1000, 500), (1500, 500), (1500, 875), (1000, 875)]
    assert columns(squares, on) == {
        "column": [0, 2, 0],
        "row": [0, 0, 2],
        "cells": [2, 2, 1],
        "incidents": [5, 7, 9],
        "density_per_km2": [80.0, 112.0, 576.0],
        "ratio": [1.23, None, 8.0],
    }


def test_squares__of_one_size_do_not_tell_it_again() -> None:
    squares = [Square(125.0 * x, 0.0, 125, x, 1.0, 1.0) for x in (2, 0, 1)]
    on = grid(squares)
    assert on is not None
    found = columns(squares, on)
    assert "cells" not in found
    assert found["column"] == [0, 1, 2] == found["incidents"]
    assert grid([]) is None


def test_fifty_thousand_squares__are_less_than_600_kilobytes_on_the_wire() -> None:
    rng = np.random.default_rng(3)
    places = rng.choice(300 * 300, 50_000, replace=False)
    densities, ratios = rng.gamma(2, 40, 50_000), rng.gamma(2, 1, 50_000)
    squares = [
        Square(125.0 * (place % 300), 125.0 * (place // 300), 125, int(n), density, ratio)
        for place, n, density, ratio in zip(
            places.tolist(), rng.poisson(3, 50_000).tolist(), densities.tolist(), ratios.tolist(), strict=True
        )
    ]
    on = grid(squares)
    assert on is not None
    text = json.dumps(columns(squares, on), separators=(",", ":"))
    assert len(zlib.compress(text.encode(), 4, 31)) < 600_000
