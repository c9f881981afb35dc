"""
The page around the stand-alone map: deck.gl out of the installed pydeck, and nothing from anywhere else.

pydeck's own page names five addresses of others even when it is told to stay offline, so the page is ours;
its content security policy names the two scripts in it by their hashes and forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import lru_cache
from pathlib import Path
from string import Template

import pydeck

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
h3 { margin: 8px 8px 2px; font-size: 12px; color: #51606c }
.badge { min-width: 28px; padding: 1px 4px; border: 2px solid; border-radius: 14px; color: #fff;
  font-size: 12.5px; font-weight: 700; text-align: center; box-sizing: border-box }
.badge-chronic { border-radius: 5px } .badge-likely { border-style: dashed }
.tag { display: inline-block; margin-right: 6px }
.tag-confirmed, .tag-likely { padding: 0 6px; border: 1px solid; border-radius: 4px; font-weight: 600 }
.tag-likely { border-style: dashed }
.legend li { display: flex; gap: 8px; align-items: center; font-size: 13px }
.swatch { flex: none; width: 20px; height: 14px; border-radius: 4px; box-sizing: border-box }
.legend p { font-size: 12.5px } .mark { flex: none } .legend .said { align-items: start }
.mind { padding: 5px 10px; border-radius: 8px; background: #fdf3e2; color: #16202a }
.tag.mind { padding: 0 6px; border-radius: 4px }
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


def page(deck: pydeck.Deck, *, aside: str, title: str, language: str) -> str:
    """
    Write the page.

    Parameters
    ----------
    deck
        The map.
    aside
        The list and the legend, as HTML.
    title
        Title of the page, as text.
    language
        `nl` or `en`.

    Returns
    -------
    str
        HTML that makes no request to anywhere.
    """
    # Inside a script only < could end it: JSON may write it as an escape.
    script = _SCRIPT.substitute(deck=deck.to_json().replace("<", "\\u003c"))
    return _PAGE.substitute(
        language=language,
        policy=_policy(_library(), script),
        title=html.escape(title),
        style=_STYLE,
        aside=aside,
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
