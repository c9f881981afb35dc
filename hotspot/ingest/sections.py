"""Sections of a TOML file read key by key, so that all mistakes are told at once, each with its path."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Section:
    """
    One table of a TOML file with the place where it stands.

    A wrong key is noted in `mistakes` and read as if it were absent, so that reading can go on.

    Parameters
    ----------
    table
        Keys and values as parsed.
    path
        Where the table stands, such as `time` or `themes.theft`; empty for the whole file.
    mistakes
        One sentence per mistake, shared by all sections of a file.
    """

    table: dict[str, object]
    path: str = ""
    mistakes: list[str] = field(default_factory=list)
    _read: set[str] = field(default_factory=set, init=False, repr=False)
    _children: list[Section] = field(default_factory=list, init=False, repr=False)

    def wrong(self, key: str, sentence: str) -> None:
        """
        Note a mistake.

        Parameters
        ----------
        key
            Key of this section that is wrong; empty if the whole section is.
        sentence
            What was required and what came.
        """
        self.mistakes.append(f"{self._at(key)} {sentence}")

    def has(self, key: str) -> bool:
        """
        Say whether a key is given.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        bool
            True if it is there, whatever its value.
        """
        return key in self.table

    def text(self, key: str) -> str:
        """
        Read a required text.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        str
            The text; empty after a mistake.
        """
        value = self.optional_text(key)
        if not self.has(key):
            self.wrong(key, "is required, got nothing")
        return "" if value is None else value

    def optional_text(self, key: str) -> str | None:
        """
        Read a text that may be absent.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        str or None
            The text, not empty.
        """
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, f"must be a text that is not empty, got {value!r}")
            return None
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        """
        Read a text that must be one of a few.

        Parameters
        ----------
        key
            Key of this section.
        choices
            What is allowed.

        Returns
        -------
        str or None
            One of the choices; None if absent.
        """
        value = self.optional_text(key)
        if value is not None and value not in choices:
            self.wrong(key, f"must be one of {', '.join(choices)}, got {value!r}")
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """
        Read a text or a list of texts.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        tuple of str
            The texts, none empty; no text if the key is absent.
        """
        value = self._value(key)
        if value is None:
            return ()
        texts = value if isinstance(value, list) else [value]
        wrong = [text for text in texts if not isinstance(text, str) or not text.strip()]
        if wrong or not texts:
            self.wrong(key, f"must be a text or a list of texts, none of them empty, got {value!r}")
            return ()
        return tuple(str(text) for text in texts)

    def character(self, key: str) -> str | None:
        """
        Read a single character that may be absent, a tab too.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        str or None
            The character: ASCII, no quote and no end of line.
        """
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) != 1 or not value.isascii() or value in '"\r\n\0':
            self.wrong(key, f"must be one character, such as a semicolon or a tab, got {value!r}")
            return None
        return value

    def flag(self, key: str) -> bool:
        """
        Read a flag that is off when absent.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        bool
            Its value.
        """
        value = self._value(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, f"must be true or false, got {value!r}")
        return value is True

    def date(self, key: str) -> dt.date | None:
        """
        Read a date that may be absent.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        date or None
            The date.
        """
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self.wrong(key, f"must be a date without quotes such as 2005-01-01, got {value!r}")
            return None
        return value

    def section(self, key: str) -> Section:
        """
        Go into a section below this one.

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        Section
            The section; an empty one if it is absent.
        """
        value = self._value(key)
        if value is not None and not isinstance(value, dict):
            self.wrong(key, f"must be a section [{self._at(key)}], got {value!r}")
        return self._child(value if isinstance(value, dict) else {}, self._at(key))

    def sections(self, key: str) -> list[Section]:
        """
        Go into each of a list of sections, written [[key]].

        Parameters
        ----------
        key
            Key of this section.

        Returns
        -------
        list of Section
            The sections in their order; none if the key is absent.
        """
        value = self._value(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(key, f"must be sections [[{self._at(key)}]], got {value!r}")
            return []
        return [self._child(item, f"{self._at(key)}[{number}]") for number, item in enumerate(value, 1)]

    def tables(self) -> dict[str, Section]:
        """
        Go into all sections below this one whose keys nobody has read yet.

        Returns
        -------
        dict of str to Section
            The sections by key, in the order of the file.
        """
        names = [
            key for key, value in self.table.items() if isinstance(value, dict) and key not in self._read
        ]
        return {name: self.section(name) for name in names}

    def refuse_unread(self) -> None:
        """Note every key that nobody asked for, here and below, as a mistake."""
        for key in self.table.keys() - self._read:
            self.wrong(key, "is no key of a mapping here; is it spelt as in docs/mapping.md?")
        for child in self._children:
            child.refuse_unread()

    def _value(self, key: str) -> object | None:
        """Take a value and note that its key is known."""
        self._read.add(key)
        return self.table.get(key)

    def _child(self, table: dict[str, object], path: str) -> Section:
        """Make a section below this one."""
        child = Section(table, path, self.mistakes)
        self._children.append(child)
        return child

    def _at(self, key: str) -> str:
        """Path of a key, or of the section itself."""
        return f"{self.path}.{key}" if self.path and key else self.path or key
