"""Whether the neighbourhood that the written rule assigns is the area that the row itself names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    Whether the assigned neighbourhood is the area that the row itself names.

    Parameters
    ----------
    compared
        Incidents that name an area.
    agreed
        Those of which it is the same, where `07`, `7.0` and `7` are one code.
    """

    compared: int
    agreed: int

    @property
    def share(self) -> float | None:
        """Agreed among compared, 0 to 1; absent where nothing could be compared."""
        return self.agreed / self.compared if self.compared else None


def agreement(counted: Iterable[tuple[str, str | None, int]]) -> Agreement:
    """
    Compare assigned and stated areas.

    Parameters
    ----------
    counted
        Assigned neighbourhood, stated area (absent where the row names none) and number of incidents.

    Returns
    -------
    Agreement
        Sums over the pairs that can be compared.
    """
    named = [(assigned, stated, n) for assigned, stated, n in counted if stated is not None]
    return Agreement(
        compared=sum(n for _, _, n in named),
        agreed=sum(n for assigned, stated, n in named if plain_code(assigned) == plain_code(stated)),
    )


def plain_code(code: str) -> str:
    """
    Bring codes that mean the same to one form.

    Parameters
    ----------
    code
        Code of an area as someone wrote it.

    Returns
    -------
    str
        Without leading zeros, decimals of zero, spaces around it or capitals.

    Examples
    --------
    >>> plain_code("07"), plain_code("7.0"), plain_code(" BU09350001 ")
    ('7', '7', 'bu09350001')
    """
    plain = code.strip().casefold()
    whole, point, decimals = plain.partition(".")
    if point and whole.isdecimal() and not decimals.strip("0"):
        plain = whole
    return (plain.lstrip("0") or "0") if plain.isdecimal() else plain
