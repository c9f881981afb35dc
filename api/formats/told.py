"""What of each feature is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """
    What is told of each feature beside its name.

    Parameters
    ----------
    names
        Its properties, in their own order.
    has_shape
        Whether its shape is among it.
    is_all
        Whether it is all there is to tell.
    """

    names: tuple[str, ...]
    has_shape: bool
    is_all: bool
