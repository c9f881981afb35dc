"""
The space-time permutation scan in plain NumPy: what the fast one must equal, and is measured against.

It is written for reading, with cumulative sums over places and steps and no loop over windows, and is no
slower than it must be: logarithms are only taken where there are more cases than expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotspot.stats.permutation import draw_without_return

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Oracle:
    """All circles that hold at most a share of the cases, and all periods up to a length that end now."""

    def __init__(
        self, xy_m: NDArray[np.float64], cases: NDArray[np.int64], *, max_share: float, max_steps: int
    ) -> None:
        offset_m = xy_m[:, None, :] - xy_m[None, :, :]
        distance_m = np.hypot(offset_m[..., 0], offset_m[..., 1])
        self.cases = cases
        self.steps = max_steps
        self.order = np.argsort(distance_m, axis=1, kind="stable")
        ordered_m = np.take_along_axis(distance_m, self.order, axis=1)
        self.total = int(cases.sum())
        per_place = cases.sum(axis=0)[self.order].cumsum(axis=1)
        # A circle ends where the next place is farther away, and holds no more than the share.
        last = np.ones(self.order.shape, bool)
        last[:, :-1] = ordered_m[:, 1:] > ordered_m[:, :-1] * (1 + 1e-9)
        self.kept = last & (per_place <= max_share * self.total)
        self.order = self.order[:, : int(np.flatnonzero(self.kept.any(axis=0)).max(initial=-1)) + 1]
        self.kept = self.kept[:, : self.order.shape[1]]
        per_period = cases[::-1][:max_steps].sum(axis=1).cumsum()
        # Cases of each kept circle by those of each period, as whole numbers, over all cases.
        circle = per_place[:, : self.order.shape[1]][self.kept]
        self.expected = circle[:, None] * per_period[None, :] / self.total

    def ratios(self, cases: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log likelihood ratio of each kept circle and period, 0 where there are not more than expected."""
        recent = cases[::-1][: self.steps].cumsum(axis=0).T
        observed = recent[self.order].cumsum(axis=1)[self.kept]
        found = np.zeros(observed.shape)
        many = (observed > self.expected) & (observed >= 2)
        c, e, total = observed[many].astype(float), self.expected[many], float(self.total)
        ratio = c * np.log(c / e)
        some = c < total
        ratio[some] += (total - c[some]) * np.log((total - c[some]) / (total - e[some]))
        found[many] = ratio
        return found

    def strongest(self, seeds: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Largest ratio of each replicate, whose dates are shuffled over the cases with the given seed."""
        per_step = self.cases.sum(axis=1)[::-1]
        step = len(per_step) - 1 - np.repeat(np.arange(len(per_step)), per_step)
        best = np.empty(seeds.size)
        for i, seed in enumerate(seeds):
            place = np.repeat(np.arange(self.cases.shape[1], dtype=np.int32), self.cases.sum(axis=0))
            draw_without_return(place, int(per_step[: self.steps].sum()), seed)
            cell = step * self.cases.shape[1] + place
            drawn = np.bincount(cell, minlength=self.cases.size).reshape(self.cases.shape)
            best[i] = self.ratios(drawn).max(initial=0.0)
        return best
