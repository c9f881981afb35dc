"""From the JSON of an address to the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from api.html.words import WORDS
from api.settings import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment

    from api.formats.negotiation import Language

_Json = dict[str, Any]  # Any: JSON.

_MOST_COLUMNS = 14
"""Properties that a table of features shows; the page of a feature shows all."""

_OWN = frozenset({"self", "next", "prev", "first"})
"""Relations that a page shows by itself, or that lead from it to itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a page is.

    Parameters
    ----------
    path
        The address, from `/v1` on.
    root
        What stands before `/v1` and `/web` in addresses.
    language
        Language of the page.
    language_hrefs
        Address of the page in each language.
    plain_href
        Address of what the page shows; absent where the page has no address of its own.
    """

    path: str
    root: str
    language: Language
    language_hrefs: Mapping[str, str]
    plain_href: str | None


def page(body: _Json, place: Place) -> bytes:
    """
    Show the JSON of an address.

    Parameters
    ----------
    body
        What the address tells programs.
    place
        Where the page is.

    Returns
    -------
    bytes
        HTML in UTF-8.
    """
    links: list[_Json] = body.get("links", [])
    template = _environment().get_template(_template(body, place.path))
    text = template.render(
        body=body,
        root=place.root,
        language=place.language,
        language_hrefs=place.language_hrefs,
        plain_href=place.plain_href,
        words=WORDS[place.language],
        trail=_trail(place.path, place.root),
        heading=_heading(body, place.path, place.language),
        links=links,
        by_rel={link["rel"]: link for link in reversed(links)},
        others=[link for link in links if link["rel"] not in _OWN],
        columns=_columns(body),
    )
    return text.encode()


@cache
def _environment() -> Environment:
    """Prepare the templates once; everything that is put into them is escaped."""
    # Programs ask for no pages, and the templates' library takes 2 MB.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 -- as above

    environment = Environment(
        loader=PackageLoader("api.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["address"] = _is_address
    environment.filters["path_of"] = lambda href: urlsplit(href).path
    return environment


def _is_address(value: object) -> bool:
    """Tell whether a value leads somewhere; nothing but the web is linked to."""
    return isinstance(value, str) and value.startswith(("http://", "https://")) and " " not in value


_BY_TYPE = {"FeatureCollection": "items.html", "Feature": "item.html"}

_BY_MEMBER = {
    "collections": "collections.html",
    "itemType": "collection.html",
    "conformsTo": "conformance.html",
    "$schema": "schema.html",
}


def _template(body: _Json, path: str) -> str:
    """Choose the page by what there is to show."""
    kind = body.get("type")
    if isinstance(kind, str) and kind in _BY_TYPE:
        return _BY_TYPE[kind]
    found = [template for member, template in _BY_MEMBER.items() if member in body]
    if found:
        return found[0]
    return "landing.html" if path == PREFIX else "anything.html"


def _heading(body: _Json, path: str, language: Language) -> str:
    """Name the page."""
    names = path.removeprefix(PREFIX).strip("/").split("/")
    if body.get("type") == "Feature":
        return str(body.get("id", names[-1]))
    words = WORDS[language]
    if "title" in body and isinstance(body["title"], str):
        return f"{body['title']}: {words[names[-1]]}" if "$schema" in body else body["title"]
    return words.get(names[-1], names[-1])


def _trail(path: str, root: str) -> list[tuple[str, str]]:
    """List the addresses above an address with their names."""
    names = path.removeprefix(PREFIX).strip("/").split("/")
    above = [("", f"{root}{PREFIX}")]
    for place, name in enumerate(names[:-1], start=1):
        # What has no page of its own leads nowhere.
        if names[0] == "collections":
            above.append((name, f"{root}{PREFIX}/" + "/".join(names[:place])))
    return above if names != [""] else []


def _columns(body: _Json) -> list[str]:
    """List the properties that a table shows: the first ones of which any feature tells a single value."""
    features: Iterable[_Json] = body.get("features", []) if isinstance(body.get("features"), list) else []
    found: dict[str, None] = {}
    for feature in features:
        for name, value in (feature.get("properties") or {}).items():
            if value is not None and not isinstance(value, dict | list):
                found.setdefault(name)
    return list(found)[:_MOST_COLUMNS]
