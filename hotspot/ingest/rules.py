"""
What does a category code of a source mean? Exact codes, ranges and prefixes lead to a theme and subtheme.

The order of precedence for one code, whatever the order in the file:

1. a code that is deliberately left out (`withheld`) is never shown, whatever else names it;
2. an exact code;
3. a range, both ends included;
4. the longest prefix.

Case and surrounding blanks do not matter. Two rules of the same kind that would give one code two meanings
are a mistake in the mapping, not a matter of order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotspot.model import Reporter

_RANGE = re.compile(r"(.*?)([0-9]+)-(.*?)([0-9]+)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Category:
    """
    What a code means.

    Parameters
    ----------
    theme, subtheme
        Names in the mapping.
    reporter
        Who makes such incidents known, where the code tells.
    """

    theme: str
    subtheme: str
    reporter: Reporter | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """
    Why a code is deliberately left out.

    Parameters
    ----------
    why
        The reason, as the end of a sentence.
    sensitive
        Whether even the refused row must not be kept in full.
    """

    why: str
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class CodeRange:
    """
    Codes from one number to another behind the same letters: F520-F527.

    Only codes with as many digits as the ends lie in it: F5295 and F52 do not lie in F520-F527.

    Parameters
    ----------
    start
        What comes before the number, folded.
    digits
        Number of digits of both ends.
    first, last
        The ends, both included.
    """

    start: str
    digits: int
    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> CodeRange | None:
        """
        Read `F520-F527`.

        Parameters
        ----------
        text
            Two codes with a hyphen between them.

        Returns
        -------
        CodeRange or None
            The range; None if the ends differ in letters or number of digits, or the first is the larger.
        """
        match = _RANGE.fullmatch(folded(text).replace(" ", ""))
        if match is None:
            return None
        start, first, other_start, last = match.groups()
        if start != other_start or len(first) != len(last) or int(first) > int(last):
            return None
        return cls(start, len(first), int(first), int(last))

    def contains(self, code: str) -> bool:
        """
        Say whether a code lies in the range.

        Parameters
        ----------
        code
            A folded code.

        Returns
        -------
        bool
            True if it does.
        """
        number = code[len(self.start) :]
        return (
            code.startswith(self.start)
            and len(number) == self.digits
            and number.isascii()
            and number.isdigit()
            and self.first <= int(number) <= self.last
        )

    def overlaps(self, other: CodeRange) -> bool:
        """
        Say whether some code lies in both ranges.

        Parameters
        ----------
        other
            Another range.

        Returns
        -------
        bool
            True if one does.
        """
        same_form = (self.start, self.digits) == (other.start, other.digits)
        return same_form and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class CodeSet:
    """
    The codes of one subtheme, or of one group that is left out.

    Parameters
    ----------
    meaning
        What they have in common.
    codes, prefixes
        Codes and beginnings of codes, as written.
    ranges
        Ranges of codes.
    """

    meaning: Category | Withheld
    codes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    ranges: tuple[CodeRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """
    All rules of a mapping, ready to be asked.

    Parameters
    ----------
    sets
        The code sets of the mapping.
    """

    sets: tuple[CodeSet, ...]
    _indices: tuple[_Index, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Withheld codes are asked for first: what must not be shown never is, whatever else names it.
        indices = tuple(
            _index(candidate for candidate in self.sets if isinstance(candidate.meaning, kind))
            for kind in (Withheld, Category)
        )
        object.__setattr__(self, "_indices", indices)

    def meaning(self, code: str) -> Category | Withheld | None:
        """
        Say what a code means, by the order at the head of this module.

        Parameters
        ----------
        code
            A code as the source writes it.

        Returns
        -------
        Category, Withheld or None
            None if no rule names the code.
        """
        key = folded(code)
        for index in self._indices:
            found = index.meaning(key)
            if found is not None:
                return found
        return None


@dataclass(frozen=True, slots=True)
class _Index:
    """Code sets of one kind by what they list; prefixes longest first."""

    codes: dict[str, Category | Withheld]
    ranges: tuple[tuple[CodeRange, Category | Withheld], ...]
    prefixes: tuple[tuple[str, Category | Withheld], ...]

    def meaning(self, code: str) -> Category | Withheld | None:
        """Meaning of a folded code by exact code, then range, then the longest prefix."""
        if code in self.codes:
            return self.codes[code]
        in_ranges = (meaning for span, meaning in self.ranges if span.contains(code))
        after_prefixes = (meaning for prefix, meaning in self.prefixes if code.startswith(prefix))
        return next(chain(in_ranges, after_prefixes), None)


def _index(sets: Iterable[CodeSet]) -> _Index:
    """Arrange code sets of one kind."""
    candidates = tuple(sets)
    prefixes = [(folded(p), candidate.meaning) for candidate in candidates for p in candidate.prefixes]
    return _Index(
        {folded(code): candidate.meaning for candidate in candidates for code in candidate.codes},
        tuple((span, candidate.meaning) for candidate in candidates for span in candidate.ranges),
        tuple(sorted(prefixes, key=lambda pair: -len(pair[0]))),
    )


def folded(code: str) -> str:
    """
    Bring a code into the form in which codes are compared.

    Parameters
    ----------
    code
        A code as written.

    Returns
    -------
    str
        Without surrounding blanks, in lower case.
    """
    return code.strip().casefold()


def contradictions(sets: Iterable[CodeSet]) -> list[str]:
    """
    Find the codes to which rules of one kind give two meanings.

    Parameters
    ----------
    sets
        The code sets of a mapping.

    Returns
    -------
    list of str
        One sentence each.
    """
    sentences = []
    shown = [candidate for candidate in sets if isinstance(candidate.meaning, Category)]
    for kind in ("codes", "prefixes"):
        owner: dict[str, CodeSet] = {}
        for candidate in shown:
            for text in candidate.codes if kind == "codes" else candidate.prefixes:
                other = owner.setdefault(folded(text), candidate)
                if other is not candidate:
                    sentences.append(f"{text!r} stands under {_two(other, candidate)}")
    spans = [(span, candidate) for candidate in shown for span in candidate.ranges]
    sentences.extend(
        f"the ranges from {one.start}{one.first} and from {other.start}{other.first} overlap; "
        f"they stand under {_two(first, second)}"
        for (one, first), (other, second) in combinations(spans, 2)
        if first is not second and one.overlaps(other)
    )
    return sentences


def _two(one: CodeSet, other: CodeSet) -> str:
    """Name two subthemes."""
    names = [
        f"themes.{meaning.theme}.{meaning.subtheme}"
        for meaning in (one.meaning, other.meaning)
        if isinstance(meaning, Category)
    ]
    return " and ".join(names)
