"""The words of a filter as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from hotspot.errors import InvalidInput

MOST_SHOWN = 60
"""Characters of a caller's text that a message repeats."""


class Kind(StrEnum):
    """What a word is."""

    TEXT = "text"
    NUMBER = "number"
    QUOTED = "quoted name"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """
    One word.

    Parameters
    ----------
    kind
        What it is.
    text
        The word itself; what stands between the quotes of a text or a name.
    position
        Where it begins, the first character of the filter being 1.
    """

    kind: Kind
    text: str
    position: int

    def is_word(self, word: str) -> bool:
        """
        Tell whether this is an unquoted word, whatever its capitals.

        Parameters
        ----------
        word
            The word in small letters.

        Returns
        -------
        bool
            Whether it is.
        """
        return self.kind is Kind.NAME and self.text.lower() == word

    def is_sign(self, sign: str) -> bool:
        """
        Tell whether this is a sign.

        Parameters
        ----------
        sign
            The sign.

        Returns
        -------
        bool
            Whether it is.
        """
        return self.kind is Kind.SIGN and self.text == sign


# Each alternative is decided by its first characters and never goes back, so reading takes linear time.
# A backslash is itself unless a quote follows: patterns of LIKE have it as their own escape.
_TOKEN = re.compile(
    r"""(?P<space>\s++)
      | '(?P<text>(?:[^'\\]|''|\\'|\\(?!'))*+)'
      | "(?P<quoted>(?:[^"]|"")*+)"
      | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+)
      | (?P<name>(?:[^\W\d]|:)[\w.:]*+)
      | (?P<sign><>|<=|>=|[-+*/%^=<>(),])
    """,
    re.VERBOSE,
)


def shown(text: str) -> str:
    """
    Quote what came from a caller, cut where it is long.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        It in quotes, in characters that can be printed.
    """
    cut = text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
    return repr(cut)


def tokens(text: str) -> list[Token]:
    """
    Cut a filter into words.

    Parameters
    ----------
    text
        The filter.

    Returns
    -------
    list of Token
        Its words and the end.

    Raises
    ------
    InvalidInput
        If something in it is no word, such as a text whose quote is not closed.
    """
    found = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            what = "a quote that is not closed" if text[position] in "'\"" else shown(text[position])
            raise InvalidInput(f"the filter has {what} at character {position + 1}")
        kind = match.lastgroup
        if kind == "text":
            found.append(Token(Kind.TEXT, re.sub(r"''|\\'", "'", match["text"]), position + 1))
        elif kind == "quoted":
            found.append(Token(Kind.QUOTED, match["quoted"].replace('""', '"'), position + 1))
        elif kind == "number":
            found.append(Token(Kind.NUMBER, match["number"], position + 1))
        elif kind == "name":
            found.append(Token(Kind.NAME, match["name"], position + 1))
        elif kind == "sign":
            found.append(Token(Kind.SIGN, match["sign"], position + 1))
        position = match.end()
    found.append(Token(Kind.END, "", len(text) + 1))
    return found
