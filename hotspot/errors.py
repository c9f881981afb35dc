"""
Everything that this project raises on purpose, by what the caller can do about it.

    HotspotError
    ├── InvalidInput            correct what you gave, then ask again
    │   ├── InvalidWeek         a text that is no ISO week
    │   ├── InvalidParameter    a value outside its bounds
    │   ├── InvalidQuery        a request whose parameters are wrong, each told by name
    │   ├── InvalidCrs          an unknown or unsuitable coordinate reference system
    │   ├── InvalidFile         a file with a wrong shape (file, row, column)
    │   ├── InvalidMapping      a mapping file that cannot be applied
    │   └── InvalidBoundaries   boundaries that cannot serve as neighbourhoods
    ├── NotFound                ask for something that exists
    ├── NotAcceptable           ask for a format that is offered
    ├── Unsuitable              the data cannot answer this question, whatever is asked
    │   └── CoarseDates         most dates of a theme are no more exact than a month
    ├── Unauthenticated         say who you are
    ├── Forbidden               ask someone who may see it
    ├── TooManyRequests         ask again later, and less often
    ├── AccessNotConfigured     say who may see what before others are let in
    ├── Busy                    ask again in a moment
    ├── OutOfTime               ask for less
    ├── StoreNotReady           run `hotspot init` (or a migration) first
    └── StoreUnavailable        try again later, or repair the database
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class HotspotError(Exception):
    """Root of the tree; never raised itself."""


class InvalidInput(HotspotError):
    """The caller's input is wrong and can be corrected."""


class InvalidWeek(InvalidInput):
    """A text does not name an ISO week."""


class InvalidParameter(InvalidInput):
    """
    One or more values are outside their bounds.

    Parameters
    ----------
    *mistakes
        One sentence per mistake, each saying what was required and what came.
    """

    def __init__(self, *mistakes: str) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes: Sequence[str] = mistakes


class InvalidQuery(InvalidInput):
    """
    One or more parameters of a request are unknown or wrong.

    Parameters
    ----------
    mistakes
        One sentence per parameter, by the parameter's name.
    """

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        super().__init__("; ".join(mistakes.values()))
        self.mistakes = mistakes


class InvalidCrs(InvalidInput):
    """A coordinate reference system is unknown or cannot be used here."""


class InvalidFile(InvalidInput):
    """
    A file does not have the shape that its mapping requires.

    Parameters
    ----------
    message
        What was required and what came.
    file
        Name of the file.
    row
        Row in the file, the header being row 1; absent when the whole file is wrong.
    column
        Column of the file; absent when the whole row is wrong.
    """

    def __init__(self, message: str, *, file: str, row: int | None = None, column: str | None = None) -> None:
        where = file
        if row is not None:
            where += f", row {row}"
        if column is not None:
            where += f", column {column!r}"
        super().__init__(f"{where}: {message}")
        self.file = file
        self.row = row
        self.column = column


class InvalidMapping(InvalidInput):
    """A mapping file is wrong in itself or does not fit its source."""


class InvalidBoundaries(InvalidInput):
    """Boundaries overlap, repeat a code or are no polygons."""


class NotFound(HotspotError):
    """What was asked for does not exist."""


class NotAcceptable(HotspotError):
    """What was asked for exists, but in none of the formats that the caller takes."""


class Unsuitable(HotspotError):
    """The data cannot answer this question, for example a weekly list from month-only dates."""


class CoarseDates(Unsuitable):
    """
    Most incidents of a theme are dated too coarsely for a weekly list.

    Parameters
    ----------
    theme
        The theme.
    nl, en
        How many, and what would do, in Dutch and in English.
    """

    def __init__(self, theme: str, *, nl: str, en: str) -> None:
        super().__init__(f"{theme}: {en}")
        self.nl = nl
        self.en = en


class Unauthenticated(HotspotError):
    """
    Who asks is not known, and would have to be.

    Parameters
    ----------
    message
        What was required.
    was_refused
        Whether something was shown and not accepted; otherwise nothing was shown.
    """

    def __init__(self, message: str, *, was_refused: bool = False) -> None:
        super().__init__(message)
        self.was_refused = was_refused


class Forbidden(HotspotError):
    """Who asks is known, and may not have this."""


class TooManyRequests(HotspotError):
    """
    More was asked in a short time than one caller may.

    Parameters
    ----------
    message
        How much may be asked.
    retry_after_s
        Seconds after which asking again makes sense.
    policy
        How much may be asked, as the header `RateLimit-Policy` says it; empty where it says nothing.
    """

    def __init__(self, message: str, *, retry_after_s: int, policy: str = "") -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.policy = policy


class AccessNotConfigured(HotspotError):
    """The service is open to its own machine and must not be reached from elsewhere."""


class Busy(HotspotError):
    """More is asked of the service at this moment than it can take in."""


class OutOfTime(HotspotError):
    """To answer took longer than an answer may take."""


class StoreNotReady(HotspotError):
    """The store exists but holds no municipality, no boundaries or an older schema."""


class StoreUnavailable(HotspotError):
    """The database cannot be reached or refuses to work."""
