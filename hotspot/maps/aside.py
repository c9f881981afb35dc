"""The list and the legend beside the stand-alone map, as HTML."""

from __future__ import annotations

import html
from itertools import groupby
from typing import TYPE_CHECKING

from hotspot.maps.rows import FILL_SHARES, STRENGTHS
from hotspot.maps.words import TEXTS, label, number, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.maps.rows import Row
    from hotspot.maps.words import Json

_NO_THEME = (82, 93, 104)


def aside(rows: Sequence[Row], summary: Json, language: str) -> str:
    """
    Write the list and the legend.

    Parameters
    ----------
    rows
        The hotspots, by theme and rank.
    summary
        What the publication says beside them.
    language
        `nl` or `en`.

    Returns
    -------
    str
        HTML.
    """
    texts = TEXTS[language]
    boundaries = summary["boundaries"]
    parts = [
        f"<h1>{html.escape(title(summary, language))}</h1>",
        _paragraph(texts["period"].format(start=summary["window_start"], end=summary["window_end"])),
    ]
    if boundaries["schematic"]:
        parts.append(_paragraph(texts["schematic"], css_class="mind"))
    for outcome in sorted(summary["themes"], key=lambda outcome: str(outcome["theme"])):
        parts.append(f"<h2>{html.escape(label(outcome['theme'], summary, language))}</h2>")
        of_theme = [row for row in rows if row.found["theme"] == outcome["theme"]]
        # Within a theme acute comes before chronic: each kind is one stretch.
        for kind, of_kind in groupby(of_theme, key=lambda row: str(row.found["kind"])):
            parts.append(f"<h3>{html.escape(texts[kind])}</h3>")
            parts.append(f"<ol>{''.join(_line(row, language) for row in of_kind)}</ol>")
        if not of_theme:
            known = outcome["state"] if outcome["state"] in texts else "no_hotspots"
            reason = "" if outcome["reason"] is None else f" {outcome['reason'][language]}"
            parts.append(_paragraph(texts[known] + reason))
    parts += [f"<h2>{html.escape(texts['legend'])}</h2>", _strengths(texts["steps"])]
    parts += [f"<h2>{html.escape(texts['kind'])}</h2>", _kinds(language)]
    parts += [f"<h2>{html.escape(texts['sure'])}</h2>", _grades(summary, language)]
    parts.append(_paragraph(texts["source"].format(**boundaries)))
    return "".join(parts)


def _paragraph(text: str, *, css_class: str = "") -> str:
    """Write a text as a paragraph."""
    return f'<p class="{css_class}">{html.escape(text)}</p>'


def _line(row: Row, language: str) -> str:
    """Write a row of the list."""
    lon_deg, lat_deg = row.found["centroid"]
    classes = (f"tag-{row.found['grade']}", "tag-form", "mind")
    # A row that is no pile has two words only.
    words = "".join(
        f'<span class="tag {name}">{html.escape(word)}</span>'
        for name, word in zip(classes, row.judged, strict=False)
    )
    why = "".join(f'<small class="why">{html.escape(sentence)}</small>' for sentence in row.why)
    badge = _badge(row.sign, kind=row.found["kind"], grade=row.found["grade"], look=_painted(row))
    return (
        f'<li><button type="button" data-lon="{lon_deg:.7f}" data-lat="{lat_deg:.7f}">{badge}'
        f"<span>{html.escape(row.name)}<small>{html.escape(row.counts)}</small><small>{words}</small>{why}</span>"
        f'<span class="risk">{number(row.risk, language)}\u00d7</span></button></li>'
    )


def _badge(sign: str, *, kind: str, grade: str, look: str) -> str:
    """Write a badge: round if acute, angular if chronic, filled if confirmed, hollow and dashed if likely."""
    return f'<span class="badge badge-{kind} badge-{grade}" style="{look}">{html.escape(sign)}</span>'


def _painted(row: Row) -> str:
    """Write the colours of a badge."""
    return f"background: {_css(row.ground)}; color: {_css(row.ink)}; border-color: {_css(row.colour)}"


def _css(colour: tuple[int, int, int], *, alpha: float = 1) -> str:
    """Write a colour as a style sheet does."""
    red, green, blue = colour
    return f"rgb({red} {green} {blue} / {alpha:.3f})"


def _strengths(steps: Sequence[str]) -> str:
    """Write what fillings and outlines mean, from the numbers that draw them."""
    lines = []
    for place, (from_, alpha, line_px) in enumerate(STRENGTHS):
        to = STRENGTHS[place + 1][0] if place + 1 < len(STRENGTHS) else from_
        look = (
            f"background: {_css(_NO_THEME, alpha=alpha / 255)}; border: {line_px}px solid {_css(_NO_THEME)}"
        )
        text = html.escape(steps[place].format(from_=f"{from_}\u00d7", to=f"{to}\u00d7"))
        lines.append(f'<li><span class="swatch" style="{look}"></span>{text}</li>')
    return f'<ul class="legend">{"".join(lines)}</ul>'


def _kinds(language: str) -> str:
    """Write which badge is which kind."""
    look = f"background: {_css(_NO_THEME)}; border-color: {_css(_NO_THEME)}"
    lines = [
        f"<li>{_badge('1', kind=kind, grade='confirmed', look=look)}{html.escape(TEXTS[language][kind])}</li>"
        for kind in ("acute", "chronic")
    ]
    return f'<ul class="legend">{"".join(lines)}</ul>'


def _grades(summary: Json, language: str) -> str:
    """Write what an unbroken and a dashed outline mean, and how often each grade errs."""
    # Early editions know neither grades nor their error rates.
    stated = summary.get("grades", {})
    lines = []
    for grade, share in FILL_SHARES.items():
        text = stated[grade][language] if grade in stated else TEXTS[language][grade]
        border = "dashed" if grade == "likely" else "solid"
        fill = _css(_NO_THEME, alpha=share * STRENGTHS[1][1] / 255)
        look = f"background: {fill}; border: 2px {border} {_css(_NO_THEME)}"
        lines.append(f'<li class="said"><span class="swatch" style="{look}"></span>{html.escape(text)}</li>')
    return f'<ul class="legend">{"".join(lines)}</ul>'
