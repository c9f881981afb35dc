"""Hotspots with the sign and the look by which the list and the map name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotspot.editions import told
from hotspot.maps.words import TEXTS, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.maps.words import Json

THEME_COLOURS = ((178, 62, 8), (16, 92, 158), (118, 46, 122), (10, 112, 96), (122, 88, 0), (62, 66, 92))
"""One colour per theme, in the order of their names; those of the map page."""

STRENGTHS = ((0, 56, 1.25), (2, 112, 2), (4, 176, 3))
"""From this relative risk on: opacity of the filling (0 to 255), width of the outline in pixels."""

FILL_SHARES = {"confirmed": 1, "likely": 0.4}
"""Of this grade so much of that opacity; a likely hotspot has a dashed outline and a hollow badge as well."""

WHITE = (255, 255, 255)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Row:
    """
    A hotspot as it is listed and drawn.

    Parameters
    ----------
    sign
        Letter of its theme, where there are several, and rank.
    colour
        Colour of its theme.
    name
        Neighbourhood that holds most of it.
    counts
        Counted and expected, in words.
    judged
        Grade, form and whether it is a pile, in words.
    geometry
        Its footprint as GeoJSON.
    found
        Its properties, complete.
    why
        Why it is a hotspot, in sentences; none in early editions.
    """

    sign: str
    colour: tuple[int, int, int]
    name: str
    counts: str
    judged: tuple[str, ...]
    geometry: Json
    found: dict[str, Any]  # Any: JSON.
    why: tuple[str, ...] = ()

    @property
    def tip(self) -> str:
        """What is said of it under the pointer."""
        return f"{self.sign}  {self.name}\n{self.counts}\n{', '.join(self.judged)}"

    @property
    def risk(self) -> float | None:
        """Relative risk; absent where nothing was expected."""
        risk: float | None = self.found["relative_risk"]
        return risk

    @property
    def strength(self) -> tuple[float, int, float]:
        """Step of `STRENGTHS`; where nothing was expected the last."""
        return [step for step in STRENGTHS if self.risk is None or self.risk >= step[0]][-1]

    @property
    def is_likely(self) -> bool:
        """Whether it is drawn lighter, dashed and hollow."""
        return bool(self.found["grade"] == "likely")

    @property
    def ground(self) -> tuple[int, int, int]:
        """Colour of its badge."""
        return WHITE if self.is_likely else self.colour

    @property
    def ink(self) -> tuple[int, int, int]:
        """Colour of the sign on its badge."""
        return self.colour if self.is_likely else WHITE


def rows(features: Sequence[Json], summary: Json, language: str) -> list[Row]:
    """
    Give each hotspot its sign and its words.

    Parameters
    ----------
    features
        Published hotspots.
    summary
        What the publication says beside them.
    language
        `nl` or `en`.

    Returns
    -------
    list of Row
        By theme and rank.
    """
    texts = TEXTS[language]
    themes = sorted(outcome["theme"] for outcome in summary["themes"])
    made = []
    for feature in features:
        found = told(feature)
        place = themes.index(found["theme"])
        letter = _LETTERS[place % len(_LETTERS)] if len(themes) > 1 else ""
        name = found["neighbourhood_name"] or found["neighbourhood"] or str(texts["nowhere"])
        counts = str(texts["row"]).format(
            observed=number(found["observed"], language, decimals=0),
            expected=number(found["expected"], language),
        )
        judged = (texts[found["grade"]], texts[found["form"]], *([texts["pile_up"]] * found["pile_up"]))
        colour = THEME_COLOURS[place % len(THEME_COLOURS)]
        sign = f"{letter}{found['rank']}"
        why = tuple(found.get("why", {}).get(language, ()))
        made.append(Row(sign, colour, str(name), counts, judged, feature["geometry"], found, why))
    return sorted(made, key=lambda row: (row.found["theme"], row.found["rank"]))
