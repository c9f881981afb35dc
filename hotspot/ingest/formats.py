"""How sources write dates: formats in the directives of `strftime`, each with the precision that it tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hotspot.errors import InvalidMapping
from hotspot.model import Precision

PRECISIONS = (Precision.MINUTE, Precision.DAY, Precision.MONTH)
"""Precisions by the number that stands for them in arrays; the larger the coarser."""

MINUTE, DAY, MONTH = range(3)

_DIRECTIVES = {
    "Y": "(?P<Y>[0-9]{4})",
    "y": "(?P<y>[0-9]{2})",
    "m": "(?P<m>[0-9]{1,2})",
    "d": "(?P<d>[0-9]{1,2})",
    "H": "(?P<H>[0-9]{1,2})",
    "I": "(?P<I>[0-9]{1,2})",
    "M": "(?P<M>[0-9]{1,2})",
    "S": "(?P<S>[0-9]{1,2})",
    "f": "(?P<f>[0-9]{1,9})",
    "p": "(?P<p>[AaPp][Mm])",
    "z": "(?:[Zz]|(?P<sign>[+-])(?P<zh>[0-9]{2}):?(?P<zm>[0-9]{2}))",
    "%": "%",
}
_REQUIRES = {"d": "m", "H": "d", "I": "p", "p": "I", "M": "HI", "S": "M", "f": "S", "z": "M"}
"""A directive makes no sense without one of these others."""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """
    How a source writes a date, in the directives of `strftime`.

    Parameters
    ----------
    text
        The format as written, such as `%m/%d/%Y %H:%M`.
    pattern
        The same as a regular expression over the whole text.
    fields
        Its directives.
    """

    text: str
    pattern: str
    fields: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> DateFormat:
        """
        Read a format.

        Parameters
        ----------
        text
            Literal characters and the directives %Y %y %m %d %H %I %p %M %S %f %z %%.

        Returns
        -------
        DateFormat
            The format.

        Raises
        ------
        InvalidMapping
            If a directive is unknown, repeated or lacks one that it needs.
        """
        pattern, fields = "", []
        for literal, directive in re.findall(r"([^%]+)|%(.?)", text, re.DOTALL):
            if not literal and directive not in _DIRECTIVES:
                known = " ".join(f"%{name}" for name in _DIRECTIVES)
                raise InvalidMapping(f"a date format is made of {known}, got {text!r}")
            pattern += re.escape(literal) if literal else _DIRECTIVES[directive]
            fields += [] if literal or directive == "%" else [directive]
        if len(set(fields)) < len(fields):
            raise InvalidMapping(f"a date format names each part once, got {text!r}")
        missing = [part for part in fields if part in _REQUIRES and not set(_REQUIRES[part]) & set(fields)]
        if "m" not in fields or len({"Y", "y"} & set(fields)) != 1 or {"H", "I"} <= set(fields) or missing:
            raise InvalidMapping(
                "a date format needs one year and a month, a day before an hour, an hour before minutes, "
                f"minutes before seconds or an offset, and %I with %p; got {text!r}"
            )
        if "I" in fields and "d" not in fields:
            raise InvalidMapping(f"a date format needs a day before an hour, got {text!r}")
        return cls(text, f"^{pattern}$", frozenset(fields))

    @property
    def precision(self) -> Precision:
        """How exactly such a text tells the moment."""
        return PRECISIONS[self._number]

    @property
    def has_offset(self) -> bool:
        """Whether such a text tells its distance from UTC itself."""
        return "z" in self.fields

    @property
    def _number(self) -> int:
        """Position of its precision in `PRECISIONS`."""
        if self.fields & {"H", "I"}:
            return MINUTE
        return DAY if "d" in self.fields else MONTH
