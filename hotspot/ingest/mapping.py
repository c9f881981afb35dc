"""
What do the columns and codes of one source mean? A mapping file says it; docs/mapping.md describes its keys.

Mappings are data (TOML), so that a municipality can write its own without touching code. A mapping is read
once, into frozen values; all mistakes in it are told at once, each with the path of its key.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hotspot.errors import InvalidMapping
from hotspot.ingest import declarations
from hotspot.ingest.rules import Category, CodeSet, Rules, contradictions
from hotspot.ingest.sections import Section

if TYPE_CHECKING:
    from collections.abc import Mapping as FrozenDict

    from hotspot.ingest.declarations import Clock, CodeColumns, FileForm, Position, Reporting, Reversal
    from hotspot.model import Label

SUFFIX = ".toml"
"""What tells the name of a mapping file from that of a mapping that ships with the project."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """
    What the columns and codes of one source mean.

    Parameters
    ----------
    name
        Name of the mapping.
    source
        Name of the source: incidents of different sources are never duplicates of each other.
    sha256
        Hash of the mapping file.
    file, position, clock, code, reversal, reporting
        How to read a row.
    duplicate
        Columns that together identify an incident; none if each row is one.
    stated_area
        Column with the area that the source itself names, if there is one.
    rules
        What the codes mean.
    labels
        How people read the names of themes and subthemes.
    themes
        Subthemes by theme, in the order of the file.
    """

    name: str
    source: str
    sha256: str
    file: FileForm
    position: Position
    clock: Clock
    code: CodeColumns
    reversal: Reversal | None
    reporting: Reporting
    duplicate: tuple[str, ...]
    stated_area: str | None
    rules: Rules
    labels: FrozenDict[str, Label]
    themes: FrozenDict[str, tuple[str, ...]]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that a file must have, each once; those of its own points are made from its geometries."""
        names = [self.position.x, self.position.y, *self.clock.start, *self.clock.end, *self.clock.reported]
        names += self.code.columns
        names += (self.reversal.column, *self.reversal.match) if self.reversal is not None else ()
        names += [name for name in (self.reporting.column, self.stated_area) if name is not None]
        return tuple(dict.fromkeys([*names, *self.duplicate]))


def shipped_mappings() -> tuple[str, ...]:
    """
    List the mappings that ship with the project.

    Returns
    -------
    tuple of str
        Their names, sorted.
    """
    folder = resources.files("geodata") / "mappings"
    return tuple(
        sorted(file.name.removesuffix(SUFFIX) for file in folder.iterdir() if file.name.endswith(SUFFIX))
    )


def read_mapping(path_or_name: str | Path) -> Mapping:
    """
    Read a mapping.

    Parameters
    ----------
    path_or_name
        Path of a file that ends in `.toml`, or the name of a mapping that ships with the project, such as
        `dutch_generic`.

    Returns
    -------
    Mapping
        The mapping.

    Raises
    ------
    InvalidMapping
        If there is no such mapping, or it has mistakes; all are named.
    """
    text = str(path_or_name)
    if text.endswith(SUFFIX):
        try:
            content = Path(text).read_bytes()
        except OSError as error:
            raise InvalidMapping(
                f"a mapping file is required at {text}, got none ({error.strerror})"
            ) from error
    else:
        known = shipped_mappings()
        if text not in known:
            raise InvalidMapping(
                f"a mapping is a file that ends in {SUFFIX} or one of {', '.join(known)}, got {text!r}"
            )
        content = (resources.files("geodata") / "mappings" / f"{text}{SUFFIX}").read_bytes()
    return parse_mapping(content, origin=text)


def parse_mapping(content: bytes, *, origin: str) -> Mapping:
    """
    Read the content of a mapping file.

    Parameters
    ----------
    content
        The bytes of the file.
    origin
        Where it comes from, for messages.

    Returns
    -------
    Mapping
        The mapping.

    Raises
    ------
    InvalidMapping
        If it is no TOML or has mistakes; all are named.
    """
    try:
        root = Section(tomllib.loads(content.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidMapping(f"{origin}: a TOML file in UTF-8 is required, got: {error}") from error
    name = root.text("name")
    source = root.optional_text("source")
    root.optional_text("description")
    labels: dict[str, Label] = {}
    sets = (*declarations.withheld(root), *declarations.shown(root, labels))
    mapping = Mapping(
        name=name,
        source=name if source is None else source,
        sha256=hashlib.sha256(content).hexdigest(),
        file=declarations.file_form(root.section("file")),
        position=declarations.position(root.section("position")),
        clock=declarations.clock(root.section("time")),
        code=declarations.code_columns(root.section("category")),
        reversal=declarations.reversal(root),
        reporting=declarations.reporting(root.section("reporter")),
        duplicate=root.section("duplicate").texts("columns"),
        stated_area=root.section("area").optional_text("column"),
        rules=Rules(sets),
        labels=MappingProxyType(labels),
        themes=MappingProxyType(_themes(sets)),
    )
    root.mistakes.extend(contradictions(sets))
    root.refuse_unread()
    if root.mistakes:
        raise InvalidMapping(f"{origin}: {'; '.join(root.mistakes)}")
    return mapping


def _themes(sets: tuple[CodeSet, ...]) -> dict[str, tuple[str, ...]]:
    """Subthemes by theme."""
    categories = [candidate.meaning for candidate in sets if isinstance(candidate.meaning, Category)]
    names = dict.fromkeys(category.theme for category in categories)
    return {theme: tuple(c.subtheme for c in categories if c.theme == theme) for theme in names}
