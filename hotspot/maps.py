"""
A published week as one HTML file that opens anywhere and asks nobody for anything.

pydeck describes the map, and the deck.gl inside the installed pydeck draws it. pydeck's own page names five
addresses of others even when it is told to stay offline, so the page around the map is ours; its content
security policy names the two scripts in it by their hashes and forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, TypeAlias

import pydeck

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json: TypeAlias = "Mapping[str, Any]"  # Any: the summary and the features are JSON, of which parts are read.

THEME_COLOURS = ((178, 62, 8), (16, 92, 158), (118, 46, 122), (10, 112, 96), (122, 88, 0), (62, 66, 92))
"""One colour per theme, in the order of their names; those of the map page."""

STRENGTHS = ((0, 56, 1.25), (2, 112, 2), (4, 176, 3))
"""From this relative risk on: opacity of the filling (0 to 255), width of the outline in pixels."""

_LAND, _BORDER, _NAME, _FIGURE = [229, 233, 236], [255, 255, 255], [82, 93, 104], [255, 255, 255]
_BADGE_RADIUS_PX, _FIGURE_PX, _NAME_PX = 12, 13, 11.5
_LETTER_WIDTH = 0.62
"""Width of a bold letter against the height of its line, on average."""

_MAP_PX, _WORLD_PX = 700, 512
"""What the municipality takes of the screen, and the world at zoom level 0, in pixels."""

_PIXELS = pydeck.types.String("pixels")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_TEXTS = {
    "nl": {
        "title": "Hotspots in week {week} van {year}",
        "period": "Incidenten van {start} tot en met {end}",
        "row": "{observed} incidenten, verwacht {expected}",
        "no_hotspots": "Geen hotspots deze week: dat is een uitkomst.",
        "not_enough_data": "Te weinig gegevens om hotspots aan te wijzen.",
        "legend": "Geteld tegen verwacht",
        "steps": ("tot {to}", "{from_} tot {to}", "{from_} of meer"),
        "schematic": "Schematische grenzen, niet de echte buurten",
        "source": "Grenzen: {source}, {vintage}",
        "nowhere": "Buiten de buurten",
    },
    "en": {
        "title": "Hotspots in week {week} of {year}",
        "period": "Incidents from {start} to {end}",
        "row": "{observed} incidents, {expected} expected",
        "no_hotspots": "No hotspots this week: that is a result.",
        "not_enough_data": "Not enough data to point out hotspots.",
        "legend": "Counted against expected",
        "steps": ("up to {to}", "{from_} to {to}", "{from_} or more"),
        "schematic": "Schematic boundaries, not the real neighbourhoods",
        "source": "Boundaries: {source}, {vintage}",
        "nowhere": "Outside the neighbourhoods",
    },
}

_STYLE = """
.page { display: grid; grid-template-columns: minmax(300px, 380px) 1fr; height: 100vh }
body { margin: 0; color: #16202a; background: #f8f9fa;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
aside { overflow: auto; padding: 18px 16px; border-right: 1px solid #e4e8eb }
h1 { margin: 0; font-size: 19px; line-height: 1.3; letter-spacing: -.01em }
h2 { margin: 18px 0 6px; font-size: 14px } p { margin: 4px 0; color: #51606c; font-size: 13.5px }
ol, ul { margin: 0; padding: 0; list-style: none }
button { display: grid; grid-template-columns: auto 1fr auto; gap: 10px; align-items: center; width: 100%;
  padding: 8px; border: 0; border-radius: 10px; background: none; color: inherit; font: inherit;
  text-align: left; cursor: pointer }
button:hover { background: #eef1f3 } :focus-visible { outline: 2.5px solid #105c9e }
small { display: block; color: #51606c } .risk { font-weight: 650 }
.badge { min-width: 26px; padding: 3px 5px; border-radius: 13px; color: #fff; font-size: 12.5px;
  font-weight: 700; text-align: center; box-sizing: border-box }
.legend li { display: flex; gap: 8px; align-items: center; font-size: 13px }
.swatch { width: 20px; height: 14px; border-radius: 4px; box-sizing: border-box }
.mind { padding: 5px 10px; border-radius: 8px; background: #fdf3e2; color: #16202a }
main { position: relative; background: #f3f5f7 } #map { position: absolute; inset: 0 }
@media (max-width: 700px) { .page { grid-template: 55vh auto / 1fr; height: auto }
  aside { order: 1; border: 0 } }
"""

# A tooltip of text: no name of a place is ever read as markup.
_SCRIPT = Template("""
const shown = createDeck({
  container: document.getElementById('map'), jsonInput: $deck, tooltip: {text: '{tip}'}});
for (const button of document.querySelectorAll('button[data-lon]')) {
  button.addEventListener('click', () => shown.setProps({initialViewState: {
    longitude: Number(button.dataset.lon), latitude: Number(button.dataset.lat), zoom: 15}}));
}
""")

_PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="$policy">
<title>$title</title>
<style>$style</style>
</head>
<body>
<div class="page">
<aside>$aside</aside>
<main><div id="map"></div></main>
</div>
<script>$library</script>
<script>$script</script>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class _Row:
    """A hotspot with the sign and the look by which the list and the map name it."""

    sign: str
    colour: tuple[int, int, int]
    name: str
    counts: str
    feature: Json

    @property
    def tip(self) -> str:
        """What is said of it under the pointer."""
        return f"{self.sign}  {self.name}\n{self.counts}"

    @property
    def risk(self) -> float | None:
        """Relative risk; absent where nothing was expected."""
        risk: float | None = self.feature["properties"]["relative_risk"]
        return risk

    @property
    def strength(self) -> tuple[float, int, float]:
        """Step of `STRENGTHS`; where nothing was expected the last."""
        return [step for step in STRENGTHS if self.risk is None or self.risk >= step[0]][-1]


def standalone_map(features: Sequence[str], areas: Sequence[str], summary: Json, *, language: str) -> str:
    """
    Write a published week as one HTML page with a map and a list.

    Parameters
    ----------
    features
        Hotspots of the week as GeoJSON texts.
    areas
        Neighbourhoods as GeoJSON texts; at least one.
    summary
        What the publication says beside its hotspots.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The page; it makes no request to anywhere.

    Raises
    ------
    InvalidParameter
        If the language is another, or there is no neighbourhood.
    """
    if language not in _TEXTS:
        raise InvalidParameter(f"language must be one of {sorted(_TEXTS)}, got {language!r}")
    if not areas:
        raise InvalidParameter("a map needs at least one neighbourhood, got none")
    rows = _rows([json.loads(feature) for feature in features], summary, language)
    deck = _deck(rows, [json.loads(area) for area in areas])
    # Inside a script only < could end it: JSON may write it as an escape.
    script = _SCRIPT.substitute(deck=deck.to_json().replace("<", "\\u003c"))
    return _PAGE.substitute(
        language=language,
        policy=_policy(_library(), script),
        title=html.escape(_title(summary, language)),
        style=_STYLE,
        aside=_aside(rows, summary, language),
        library=_library(),
        script=script,
    )


@lru_cache(1)
def _library() -> str:
    """Read deck.gl out of the installed pydeck, without the address of its source map."""
    bundle = Path(pydeck.__file__).parent / "nbextension" / "static" / "index.js"
    return re.sub(r"^//# sourceMappingURL=.*$", "", bundle.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _policy(*scripts: str) -> str:
    """Allow these scripts and what they draw with, and no request at all."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; worker-src blob:; connect-src 'none'; form-action 'none'; base-uri 'none'"
    )


def _title(summary: Json, language: str) -> str:
    """Name the week and the place."""
    year, week = str(summary["week"]).split("-W")
    title = str(_TEXTS[language]["title"]).format(week=int(week), year=year)
    return f"{title} · {summary['municipality']['name']}"


def _label(name: str, summary: Json, language: str) -> str:
    """Tell how people read the name of a theme."""
    label: dict[str, str] | None = summary["labels"].get(name)
    return name.replace("_", " ").capitalize() if label is None else label[language]


def _number(value: float | None, language: str, *, decimals: int = 1) -> str:
    """Write a number the reader's way."""
    if value is None:
        return "\u2013"
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def _rows(features: Sequence[Json], summary: Json, language: str) -> list[_Row]:
    """Give each hotspot its sign: a letter for its theme, where there are several, and its rank."""
    themes = sorted(outcome["theme"] for outcome in summary["themes"])
    rows = []
    for feature in features:
        found = feature["properties"]
        place = themes.index(found["theme"])
        letter = _LETTERS[place % len(_LETTERS)] if len(themes) > 1 else ""
        name = found["neighbourhood_name"] or found["neighbourhood"] or str(_TEXTS[language]["nowhere"])
        counts = str(_TEXTS[language]["row"]).format(
            observed=_number(found["observed"], language, decimals=0),
            expected=_number(found["expected"], language),
        )
        colour = THEME_COLOURS[place % len(THEME_COLOURS)]
        rows.append(_Row(f"{letter}{found['rank']}", colour, str(name), counts, feature))
    return sorted(
        rows, key=lambda row: (row.feature["properties"]["theme"], row.feature["properties"]["rank"])
    )


def _deck(rows: Sequence[_Row], areas: Sequence[Json]) -> pydeck.Deck:
    """Describe the map; what lies on top comes last, and the best rank above all."""
    west, south, east, north = _bounds_deg(areas)
    ground = [_shape(area, tip=area["properties"]["name"]) for area in areas]
    # The logarithm of how many times the map at zoom level 0 is enlarged; a degree of latitude is the larger.
    span_deg = max(east - west, (north - south) / math.cos(math.radians((south + north) / 2)))
    zoom = math.log2(360 * _MAP_PX / (_WORLD_PX * span_deg))
    names = [_name(area) for area in areas if _has_room(area, px_per_deg=_MAP_PX / span_deg)]
    shapes = [
        _shape(
            row.feature, tip=row.tip, fill=[*row.colour, row.strength[1]], line=row.colour, px=row.strength[2]
        )
        for row in rows
    ]
    badges = [
        {
            "position": row.feature["properties"]["centroid"],
            "text": row.sign,
            "fill": row.colour,
            "tip": row.tip,
        }
        for row in reversed(rows)
    ]
    layers = [
        _polygons("areas", ground, fill=_LAND, line=_BORDER, line_px=1.5),
        _polygons(
            "hotspots", shapes, fill="properties.fill", line="properties.line", line_px="properties.px"
        ),
        _texts("names", names, size_px=_NAME_PX, colour=_NAME),
        _badges(badges),
        _texts("signs", badges, size_px=_FIGURE_PX, colour=_FIGURE),
    ]
    # Without a provider there is no basemap, and so nobody is told where the reader looks.
    return pydeck.Deck(
        # deck.gl complains about texts without any text.
        layers=[layer for layer in layers if layer.data],
        initial_view_state=pydeck.ViewState(
            longitude=(west + east) / 2, latitude=(south + north) / 2, zoom=zoom
        ),
        map_provider=None,
        map_style=None,
    )


def _shape(feature: Json, **properties: object) -> Json:
    """Keep of a feature its geometry, with what its layer reads."""
    return {"type": "Feature", "geometry": feature["geometry"], "properties": properties}


def _polygons(
    name: str, data: Sequence[Json], *, fill: list[int] | str, line: list[int] | str, line_px: float | str
) -> pydeck.Layer:
    """Describe a layer of polygons; a look is the same for all, or the name of a property."""
    return pydeck.Layer(
        "GeoJsonLayer",
        data,
        id=name,
        pickable=True,
        get_fill_color=fill,
        get_line_color=line,
        get_line_width=line_px,
        line_width_units=_PIXELS,
    )


def _badges(data: Sequence[Json]) -> pydeck.Layer:
    """Describe the discs on which the signs stand."""
    return pydeck.Layer(
        "ScatterplotLayer",
        data,
        id="badges",
        pickable=True,
        stroked=True,
        get_position="position",
        get_radius=_BADGE_RADIUS_PX,
        radius_units=_PIXELS,
        get_fill_color="fill",
        get_line_color=_BORDER,
        get_line_width=1.5,
        line_width_units=_PIXELS,
    )


def _texts(name: str, data: Sequence[Json], *, size_px: float, colour: list[int]) -> pydeck.Layer:
    """Describe a layer of texts; all letters that occur are named, whatever their alphabet."""
    letters = {letter for entry in data for letter in entry["text"]}
    return pydeck.Layer(
        "TextLayer",
        data,
        id=name,
        get_text="text",
        get_position="position",
        get_size=size_px,
        get_color=colour,
        font_weight=600,
        font_family=pydeck.types.String("system-ui, DejaVu Sans, sans-serif"),
        character_set=pydeck.types.String("".join(sorted(letters))),
    )


def _bounds_deg(areas: Sequence[Json]) -> tuple[float, float, float, float]:
    """West, south, east, north of all areas."""
    wests, souths, easts, norths = zip(*(area["bbox"] for area in areas), strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _name(area: Json) -> Json:
    """Put the name of an area in its middle."""
    west, south, east, north = area["bbox"]
    return {"position": [(west + east) / 2, (south + north) / 2], "text": area["properties"]["name"]}


def _has_room(area: Json, *, px_per_deg: float) -> bool:
    """Tell whether the name of an area is narrower than the area; the pointer shows the others."""
    west, _, east, _ = area["bbox"]
    return bool((east - west) * px_per_deg > len(area["properties"]["name"]) * _NAME_PX * _LETTER_WIDTH)


def _aside(rows: Sequence[_Row], summary: Json, language: str) -> str:
    """Write the list and the legend as HTML."""
    texts: Json = _TEXTS[language]
    boundaries = summary["boundaries"]
    parts = [
        f"<h1>{html.escape(_title(summary, language))}</h1>",
        _paragraph(texts["period"].format(start=summary["window_start"], end=summary["window_end"])),
    ]
    if boundaries["schematic"]:
        parts.append(_paragraph(texts["schematic"], css_class="mind"))
    for outcome in sorted(summary["themes"], key=lambda outcome: str(outcome["theme"])):
        parts.append(f"<h2>{html.escape(_label(outcome['theme'], summary, language))}</h2>")
        of_theme = [row for row in rows if row.feature["properties"]["theme"] == outcome["theme"]]
        if of_theme:
            parts.append(f"<ol>{''.join(_line(row, language) for row in of_theme)}</ol>")
        else:
            known = outcome["state"] if outcome["state"] in texts else "no_hotspots"
            reason = "" if outcome["reason"] is None else f" {outcome['reason'][language]}"
            parts.append(_paragraph(texts[known] + reason))
    parts += [f"<h2>{html.escape(texts['legend'])}</h2>", _legend(texts["steps"])]
    parts.append(_paragraph(texts["source"].format(**boundaries)))
    return "".join(parts)


def _paragraph(text: str, *, css_class: str = "") -> str:
    """Write a text as a paragraph."""
    return f'<p class="{css_class}">{html.escape(text)}</p>'


def _line(row: _Row, language: str) -> str:
    """Write a row of the list."""
    lon_deg, lat_deg = row.feature["properties"]["centroid"]
    red, green, blue = row.colour
    return (
        f'<li><button type="button" data-lon="{lon_deg:.7f}" data-lat="{lat_deg:.7f}">'
        f'<span class="badge" style="background: rgb({red} {green} {blue})">{html.escape(row.sign)}</span>'
        f"<span>{html.escape(row.name)}<small>{html.escape(row.counts)}</small></span>"
        f'<span class="risk">{_number(row.risk, language)}\u00d7</span></button></li>'
    )


def _legend(steps: Sequence[str]) -> str:
    """Write what fillings and outlines mean, from the numbers that draw them."""
    red, green, blue = _NAME
    lines = []
    for place, (from_, alpha, line_px) in enumerate(STRENGTHS):
        to = STRENGTHS[place + 1][0] if place + 1 < len(STRENGTHS) else from_
        look = (
            f"background: rgb({red} {green} {blue} / {alpha / 255:.3f}); "
            f"border: {line_px}px solid rgb({red} {green} {blue})"
        )
        text = html.escape(steps[place].format(from_=f"{from_}\u00d7", to=f"{to}\u00d7"))
        lines.append(f'<li><span class="swatch" style="{look}"></span>{text}</li>')
    return f'<ul class="legend">{"".join(lines)}</ul>'
