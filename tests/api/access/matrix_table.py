"""The access matrix as the documentation shows it."""

from __future__ import annotations

from api.access import matrix
from hotspot.roles import Role

ROLES = (*(role for role in Role if role is not Role.LOCAL), Role.LOCAL)


def lines() -> list[str]:
    """Write the matrix as a table in Markdown."""
    head = ["", *(str(role) for role in ROLES)]
    rows = [
        *((f"`{path}`", rule) for path, rule in matrix.ROUTES.items()),
        *(
            (f"`{matrix.COLLECTION.format(collectionId=name)}`…", rule)
            for name, rule in matrix.COLLECTION_RULES.items()
        ),
    ]
    return [
        _line(head),
        _line(["---"] * len(head)),
        *(_line([name, *(matrix.answered(role, rule) for role in ROLES)]) for name, rule in rows),
    ]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
