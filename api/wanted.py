"""What a request for features wants: all that it says, read and found sound before the store is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from api import choice, columns, cursor, moments, parameters, space
from api.formats import media, negotiation
from api.queries import Parameter, Reader
from api.queries import told as told_back
from hotspot.catalogue import Reference
from hotspot.errors import InvalidParameter
from hotspot.selection import Window

if TYPE_CHECKING:
    from starlette.requests import Request

    from api.access.callers import Caller
    from api.formats.media import Format
    from api.formats.negotiation import Language
    from api.formats.told import Told
    from api.settings import ApiSettings
    from hotspot.catalogue import Collection, Disclosure
    from hotspot.selection import Selection


def _token(text: str) -> str:
    """Let a cursor of an endurable size through; it is read once its selection is known."""
    if not 1 <= len(text) <= cursor.MAX_LENGTH:
        raise InvalidParameter(f"cursor must be 1 to {cursor.MAX_LENGTH} characters, got {len(text)}")
    return text


CURSOR = Parameter(
    "cursor",
    _token,
    {"type": "string", "minLength": 1, "maxLength": cursor.MAX_LENGTH},
    "Where to go on; only the link `next` of the same selection gives it. It holds the version of the data, "
    "so that the pages fit together whatever is published meanwhile.",
    "WzEsMSwiIixbXV0",
)

VERSION = Parameter(
    "version",
    parameters.whole_number("version", least=0, most=parameters.MAX_OFFSET),
    {"type": "integer", "minimum": 0, "maximum": parameters.MAX_OFFSET},
    "The data as they stood at this version, which the header `Data-Version` tells: pages by `offset` fit "
    "together with it. Without it, the newest.",
    1,
)

PROFILES = ("rfc7946", "jsonfg", "jsonfg-plus")

PROFILE: Parameter[str] = Parameter(
    "profile",
    negotiation.one_of("profile", PROFILES),
    {"type": "string", "enum": list(PROFILES), "default": "rfc7946"},
    "What GeoJSON tells beside RFC 7946: `jsonfg` and `jsonfg-plus` are JSON-FG with the time of a feature "
    "and its shape in another system (`place`). Other formats are not changed by it.",
    "rfc7946",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What a request for a page or a file of features wants.

    Parameters
    ----------
    collection
        Where from.
    caller
        Who asks.
    format
        Format of the answer.
    language
        Language of the answer, where it is for people.
    limit
        Features at the most; absent for all of them.
    offset
        Features that are skipped.
    version
        Version of the data; absent for the newest.
    after
        Where the page before ended; absent for the beginning.
    crs
        System of the geometries.
    told
        What is told of each feature.
    references
        Systems by the parameters that name them.
    selection
        Which features, at version 0 until the store has told its own.
    checksum
        Sum of what narrows and orders the selection.
    """

    collection: Collection
    caller: Caller
    format: Format
    language: Language
    limit: int | None
    offset: int
    version: int | None
    after: tuple[object, ...] | None
    crs: Reference
    told: Told
    references: dict[str, Reference | None]
    selection: Selection
    checksum: str

    def at(self, version: int) -> Selection:
        """
        Give the selection at a version.

        Parameters
        ----------
        version
            Version of the data.

        Returns
        -------
        Selection
            The selection.
        """
        return replace(self.selection, version=version)

    def window(self) -> Window:
        """
        Give the part of the selection that is wanted.

        Returns
        -------
        Window
            The part.
        """
        return Window(parameters.MAX_OFFSET if self.limit is None else self.limit, self.offset, self.after)


def read(request: Request, collection: Collection, caller: Caller, settings: ApiSettings) -> Wanted:
    """
    Read a request for features.

    Parameters
    ----------
    request
        The request.
    collection
        Where from.
    caller
        Who asks: decides the level, and with it the properties there are.
    settings
        Page sizes.

    Returns
    -------
    Wanted
        What it wants.

    Raises
    ------
    InvalidQuery
        With everything that is wrong with it.
    """
    given = Reader(request)
    wished = chosen(request, given, media.FEATURES)
    language = negotiation.spoken(request, given, wished)
    selection = choice.selection(given, collection, caller)
    checked = cursor.checksum(_said(selection))
    part = _part(given, wished, selection, checked, settings)
    crs = given.read(space.CRS, Reference.CRS84)
    told = choice.told(given, collection, caller.level)
    references = {
        "crs": crs,
        "bbox-crs": None if selection.box is None else selection.box.reference,
        "filter-crs": given.read(space.FILTER_CRS, None),
    }
    given.finish()
    return Wanted(
        collection,
        caller,
        wished,
        language,
        part.limit,
        part.offset,
        part.version,
        part.after,
        crs,
        told,
        references,
        selection,
        checked,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Which part of a selection is wanted, and at which version."""

    limit: int | None
    offset: int
    version: int | None
    after: tuple[object, ...] | None


def _part(given: Reader, wished: Format, selection: Selection, checked: str, settings: ApiSettings) -> _Part:
    """Read which part of a selection is wanted; a file is all of it unless a limit is given."""
    is_file = wished.suffix is not None
    most = parameters.MAX_OFFSET if is_file else settings.max_page_size
    size = parameters.limit(default=settings.page_size, most=most)
    limit = given.read(size, None if is_file else min(settings.page_size, most))
    offset = given.read(parameters.OFFSET, 0)
    version = given.read(VERSION, None)
    token = given.read(CURSOR, None)
    found = _cursor(given, token, checked, selection)
    if found is None:
        return _Part(limit, offset, version, None)
    if is_file:
        given.refuse(CURSOR, "cursor must come with a format of pages, not with a file")
    if offset or version not in {None, found.version}:
        given.refuse(CURSOR, "cursor must come without offset and version: it holds both")
    return _Part(limit, 0, found.version, found.after)


def chosen(request: Request, given: Reader, offered: tuple[Format, ...]) -> Format:
    """
    Choose the format of features, of which GeoJSON has profiles.

    Parameters
    ----------
    request
        The request.
    given
        Reads its parameters.
    offered
        The formats.

    Returns
    -------
    Format
        JSON-FG where GeoJSON is asked for in one of its profiles.
    """
    profile = given.read(PROFILE, "rfc7946")
    found = negotiation.chosen(request, given, offered)
    return media.JSON_FG if found is media.GEOJSON and profile != "rfc7946" else found


def taken(
    collection: Collection, level: Disclosure, page_size: int, max_page_size: int
) -> tuple[Parameter[Any], ...]:  # Any: each reads a type of its own.
    """
    List the parameters that a request for features can have.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.
    page_size, max_page_size
        Features on a page, usually and at the most.

    Returns
    -------
    tuple of Parameter
        In the order in which they are described.
    """
    touched = (parameters.AREA,) if collection.id in choice.TOUCHED else ()
    return (
        space.BBOX,
        space.BBOX_CRS,
        moments.DATETIME,
        choice.FILTER,
        choice.FILTER_LANG,
        space.FILTER_CRS,
        *touched,
        *columns.conditions(collection, level),
        columns.order(collection, level),
        columns.told_only(collection, level),
        columns.told_not(collection, level),
        space.CRS,
        parameters.limit(default=page_size, most=max_page_size, note=_FILES),
        parameters.OFFSET,
        CURSOR,
        VERSION,
        negotiation.format_parameter(media.FEATURES),
        PROFILE,
        negotiation.LANGUAGE,
    )


_FILES = (
    " The formats that are files (csv, geojson, geojsonseq, fgb, gpkg) hold the whole selection without a "
    "limit, and as many features as the limit says with one."
)


def _cursor(given: Reader, token: str | None, checked: str, selection: Selection) -> cursor.Cursor | None:
    """Read the cursor, if it is of this selection."""
    if token is None:
        return None
    kinds = {one.name: one.type for one in selection.collection.properties}
    try:
        return cursor.read(token, checked, [kinds[key.name] for key in selection.sort])
    except InvalidParameter as error:
        given.refuse(CURSOR, f"{error}, got {told_back(token)}")
        return None


def _said(selection: Selection) -> str:
    """Write what narrows and orders a selection, in one way only."""
    areas = None if selection.areas is None else sorted(selection.areas)
    return repr(
        (
            selection.collection.id,
            str(selection.level),
            areas,
            selection.area,
            selection.where,
            selection.box,
            selection.interval,
            selection.sort,
        )
    )
