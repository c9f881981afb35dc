"""Every address that an answer names is made here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from api.formats import media
from api.schemas.common import Link
from api.settings import PREFIX
from hotspot.editions import feature_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.types import Scope

    from api.formats.media import Format
    from hotspot.catalogue import Collection
    from hotspot.selection import Window
    from hotspot.weeks import Week

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
RELATIONS = "http://www.opengis.net/def/rel/ogc/1.0/"
"""Begins the URI of each relation of the OGC's."""

QUERYABLES = f"{RELATIONS}queryables"
SORTABLES = f"{RELATIONS}sortables"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
"""The media type by which the OGC test suite looks for the document."""

NEWER_OPENAPI = "application/vnd.oai.openapi+json;version=3.1"


class Links:
    """
    Makes the addresses for the answer to one request, absolute, because many clients resolve no others.

    Parameters
    ----------
    request
        The request; its scheme, host and root path are those that the client used.
    """

    def __init__(self, request: Request) -> None:
        url = request.url
        origin = f"{url.scheme}://{url.netloc}"
        self._root = origin + _mounted_at(request.scope) + PREFIX
        self._address = origin + quote(url.path)
        # Written out once: most addresses of an answer are that of the request with a word changed.
        self._query = [(name, _pair(name, value)) for name, value in request.query_params.multi_items()]

    def to(self, path: str, rel: str, media_type: str, title: str) -> Link:
        """
        Link to a resource of the interface.

        Parameters
        ----------
        path
            Its path below `/v1`, ready to be sent.
        rel
            How it is related.
        media_type
            Its media type.
        title
            What it is, for people.

        Returns
        -------
        Link
            The link.
        """
        return Link(href=self._root + path, rel=rel, type=media_type, title=title)

    def itself(self, media_type: str) -> Link:
        """
        Link to what was asked for.

        Parameters
        ----------
        media_type
            Media type of the answer.

        Returns
        -------
        Link
            The link `self`.
        """
        return self.again("self", media_type, "This answer", {})

    def again(self, rel: str, media_type: str, title: str, changes: Mapping[str, int | str | None]) -> Link:
        """
        Link to the same address with other parameters.

        Parameters
        ----------
        rel
            How it is related.
        media_type
            Its media type.
        title
            What it is, for people.
        changes
            Parameters with their new values; None takes one away.

        Returns
        -------
        Link
            The link.
        """
        pairs = [pair for name, pair in self._query if name not in changes]
        pairs += [_pair(name, str(value)) for name, value in changes.items() if value is not None]
        href = f"{self._address}?{'&'.join(pairs)}" if pairs else self._address
        return Link(href=href, rel=rel, type=media_type, title=title)

    def href(self, path: str) -> str:
        """
        Give the address of a resource of the interface.

        Parameters
        ----------
        path
            Its path below `/v1`, ready to be sent.

        Returns
        -------
        str
            The address.
        """
        return self._root + path

    def formats(self, offered: Sequence[Format], chosen: Format) -> tuple[Link, ...]:
        """
        Link to what was asked for in this and in the other formats.

        Parameters
        ----------
        offered
            The formats; files are left out, since they hold another selection.
        chosen
            The format of the answer.

        Returns
        -------
        tuple of Link
            The link `self`, and `alternate` for each other.
        """
        others = (one for one in offered if one is not chosen and one.suffix is None)
        return (
            self.itself(chosen.media_type),
            *(
                self.again(
                    "alternate", one.media_type, f"This as {one.title.en}", {"f": one.name, "profile": None}
                )
                for one in others
            ),
        )

    def collection(self, one: Collection) -> tuple[Link, ...]:
        """
        Link to a collection and to all there is of it.

        Parameters
        ----------
        one
            The collection.

        Returns
        -------
        tuple of Link
            `self` first; then its features in every format, what can be asked of them, and their tiles.
        """
        path = f"/collections/{one.id}"
        items = (
            self.to(
                f"{path}/items{'' if form is media.GEOJSON else f'?f={form.name}'}",
                "items" if form.suffix is None else "enclosure",
                form.media_type,
                f"{one.title.en} as {form.title.en}",
            )
            # JSON-FG has GeoJSON's media type: who looks for that must find one link only.
            for form in media.FEATURES
            if form is not media.JSON_FG
        )
        asked = {
            "queryables": (QUERYABLES, "By what features can be chosen"),
            "schema": (f"{RELATIONS}schema", "What each feature tells"),
            "sortables": (SORTABLES, "By what features can be ordered"),
        }
        about = (self.to(f"{path}/{name}", rel, SCHEMA, title) for name, (rel, title) in asked.items())
        tiles = (
            (self.to(f"{path}/tiles", f"{RELATIONS}tilesets-vector", JSON, "Vector tiles"),)
            if one.has_tiles
            else ()
        )
        return (self.to(path, "self", JSON, one.title.en), *items, *about, *tiles)

    def features(
        self, collection: str, chosen: Format, window: Window, matched: int, token: str | None
    ) -> tuple[Link, ...]:
        """
        Link to a page of features and what is around it.

        Parameters
        ----------
        collection
            Name of the collection.
        chosen
            Format of the page.
        window
            Which page it is.
        matched
            Features on all pages.
        token
            Cursor of the next page; absent on the last one.

        Returns
        -------
        tuple of Link
            The page itself and in other formats, `next` and `prev` where there are such pages, `first` where
            this is another one, the collection, its queryables and its sortables.
        """
        links = [*self.formats(media.FEATURES, chosen)]
        links.append(_profile(chosen))
        if token is not None:
            changes: dict[str, int | str | None] = {"cursor": token, "offset": None, "version": None}
            links.append(self.again("next", chosen.media_type, "Next page", changes))
        # Past the end, the page before is the last one that holds anything.
        end = min(window.offset, matched)
        if window.after is None and end > 0:
            start = max(end - window.limit, 0)
            changes = {"offset": start, "limit": end - start}
            links.append(self.again("prev", chosen.media_type, "Page before", changes))
        if window.after is not None or window.offset > 0:
            changes = {"cursor": None, "offset": None}
            links.append(self.again("first", chosen.media_type, "First page", changes))
        path = f"/collections/{collection}"
        return (
            *links,
            self.to(path, "collection", JSON, "The collection"),
            self.to(f"{path}/queryables", QUERYABLES, SCHEMA, "By what features can be chosen"),
            self.to(f"{path}/sortables", SORTABLES, SCHEMA, "By what features can be ordered"),
        )

    def feature(self, collection: str, chosen: Format) -> tuple[Link, ...]:
        """
        Link to a feature and its collection.

        Parameters
        ----------
        collection
            Name of the collection.
        chosen
            Format of the answer.

        Returns
        -------
        tuple of Link
            The feature itself and in other formats, and the collection.
        """
        around = self.to(f"/collections/{collection}", "collection", JSON, "The collection")
        return (*self.formats(media.FEATURE, chosen), _profile(chosen), around)

    def pages(self, media_type: str, *, limit: int, offset: int, matched: int) -> tuple[Link, ...]:
        """
        Link to this page and those around it.

        Parameters
        ----------
        media_type
            Media type of the pages.
        limit, offset
            Where this page is.
        matched
            Features on all pages.

        Returns
        -------
        tuple of Link
            `self`, `first`, and `prev` and `next` where there are such pages.
        """
        links = [self.itself(media_type), self.again("first", media_type, "First page", {"offset": None})]
        if offset > 0:
            # Past the end, the page before is the last one that holds anything.
            before = min(limit, offset)
            changes = {"offset": offset - before, "limit": before}
            links.append(self.again("prev", media_type, "Page before", changes))
        if offset + limit < matched:
            links.append(self.again("next", media_type, "Next page", {"offset": offset + limit}))
        return tuple(links)

    def hotspot(self, hotspot_id: str, week: Week | None = None) -> Link:
        """
        Link to a hotspot's feature.

        Parameters
        ----------
        hotspot_id
            Its name.
        week
            The week; absent for the newest that lists it.

        Returns
        -------
        Link
            The link `item`.
        """
        name = hotspot_id if week is None else feature_id(hotspot_id, week)
        path = f"/collections/hotspots/items/{quote(name, safe='')}"
        return self.to(path, "item", GEOJSON, "The hotspot with its shape")

    def ranking(self, week: Week, edition: int) -> Link:
        """
        Link to one edition of a week's list.

        Parameters
        ----------
        week
            The week.
        edition
            Number of the edition.

        Returns
        -------
        Link
            The link `item`.
        """
        return self.to(f"/rankings/{week}?edition={edition}", "item", JSON, f"Ranking of {week}")

    def beside(self, week: Week, edition: int) -> tuple[Link, ...]:
        """
        Link to what there is beside the list in one edition of a week.

        Parameters
        ----------
        week
            The week.
        edition
            Number of the edition.

        Returns
        -------
        tuple of Link
            The links `related`.
        """
        parts = {
            "hotcrimes": f"Subthemes by area in {week}",
            "differences": f"What this edition of {week} tells otherwise than the one before",
        }
        return tuple(
            self.to(f"/rankings/{week}/{name}?edition={edition}", "related", JSON, title)
            for name, title in parts.items()
        )


def _mounted_at(scope: Scope) -> str:
    """Tell what stands before all addresses of the service, as whoever asks knows them."""
    path: str = scope.get("app_root_path", scope.get("root_path", ""))
    return path.rstrip("/")


def _pair(name: str, value: str) -> str:
    """Write a parameter as it stands in an address."""
    return f"{quote_plus(name, safe=_SAFE)}={quote_plus(value, safe=_SAFE)}"


_SAFE = ",:/"
"""What need not be escaped in a query, beside letters and digits."""


def _profile(chosen: Format) -> Link:
    """Name the profile of GeoJSON that an answer keeps to."""
    name, title = _PROFILES[chosen.name]
    uri = f"http://www.opengis.net/def/profile/OGC/0/{name}"
    return Link(href=uri, rel="profile", type=HTML, title=title)


_PROFILES = {
    "json": ("rfc7946", "GeoJSON as it is usual"),
    "jsonfg": ("jsonfg-plus", "JSON-FG, with every shape in longitude and latitude"),
    "html": ("rfc7946", "GeoJSON as it is usual"),
}
"""Profile of each format of features that are no files, with its title."""


def header(links: tuple[Link, ...]) -> str:
    """
    Write links as the value of a `Link` header (RFC 8288).

    Parameters
    ----------
    links
        The links.

    Returns
    -------
    str
        The value.
    """
    return ", ".join(f'<{link.href}>; rel="{link.rel}"; type="{link.type}"' for link in links)
