"""Colours and signs of the briefing: told apart without colour, by letter, number, shape and outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.report.published import Json

THEME_COLOURS = ("#b23e08", "#105c9e", "#762e7a", "#0a7060", "#7a5800", "#3e425c")
"""One colour per theme, in the order of their names: those of the map page, safe for the colour-blind."""

INK, SOFT_INK, FAINT = "#16202a", "#51606c", "#c3cad0"
"""Text, text of less weight, and lines."""

LAND, CHOSEN_LAND, BORDER, CHOSEN_BORDER = "#eef1f3", "#fbf6e6", "#b3bcc4", "#16202a"
"""Neighbourhoods of the map, and the one that the briefing is about."""

HEAT = ("#f3f5f7", "#dfe5ea", "#bccad6", "#8ea6bb", "#5c7f9e", "#2f5a80", "#123a5c")
"""Steps of a heat map, light to dark: one hue, so that a grey print says the same."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def sign(row: Json, themes: Sequence[str]) -> str:
    """
    Give the sign by which table and map name a hotspot.

    Parameters
    ----------
    row
        Properties of the hotspot.
    themes
        Themes of the week, in the order of their names.

    Returns
    -------
    str
        Letter of the theme, where there are several, and rank: `B2`.
    """
    letter = _LETTERS[themes.index(row["theme"]) % len(_LETTERS)] if len(themes) > 1 else ""
    return f"{letter}{row['rank']}"


def colour(theme: str, themes: Sequence[str]) -> str:
    """
    Give the colour of a theme.

    Parameters
    ----------
    theme
        The theme.
    themes
        Themes of the week, in the order of their names.

    Returns
    -------
    str
        A colour as CSS writes it.
    """
    return THEME_COLOURS[themes.index(theme) % len(THEME_COLOURS)]
