"""Claims about the error tree."""

from __future__ import annotations

from hotspot import errors
from hotspot.errors import HotspotError, InvalidFile, InvalidParameter


def all_errors(kind: type[HotspotError] = HotspotError) -> list[type[HotspotError]]:
    """Walk the tree."""
    return [kind, *(below for child in kind.__subclasses__() for below in all_errors(child))]


def test_tree__is_drawn_in_the_docstring() -> None:
    assert errors.__doc__ is not None
    for kind in all_errors():
        assert kind.__name__ in errors.__doc__


def test_invalid_file__says_where() -> None:
    error = InvalidFile("expected a number, got 'x'", file="july.csv", row=7, column="XCoord")
    assert str(error) == "july.csv, row 7, column 'XCoord': expected a number, got 'x'"
    assert str(InvalidFile("is empty", file="july.csv")) == "july.csv: is empty"


def test_invalid_parameter__keeps_every_mistake() -> None:
    error = InvalidParameter("limit must be positive, got -1", "bbox needs four numbers, got 3")
    assert error.mistakes == ("limit must be positive, got -1", "bbox needs four numbers, got 3")
    assert "limit" in str(error)
    assert "bbox" in str(error)
