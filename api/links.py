"""Every address that an answer names is made here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from api.schemas.common import Link
from api.settings import PREFIX
from hotspot.editions import feature_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from hotspot.weeks import Week

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
"""The media type by which the OGC test suite looks for the document."""


class Links:
    """
    Makes the addresses for the answer to one request, absolute, because many clients resolve no others.

    Parameters
    ----------
    request
        The request; its scheme, host and root path are those that the client used.
    """

    def __init__(self, request: Request) -> None:
        self._root = str(request.base_url).rstrip("/") + PREFIX
        self._path = request.url.path
        self._query = [(name, value) for name, value in request.query_params.multi_items()]
        self._origin = str(request.base_url.replace(path="")).rstrip("/")

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
        kept = [(name, value) for name, value in self._query if name not in changes]
        added = [(name, str(value)) for name, value in changes.items() if value is not None]
        query = urlencode(kept + added, safe=",:")
        href = self._origin + quote(self._path) + (f"?{query}" if query else "")
        return Link(href=href, rel=rel, type=media_type, title=title)

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
