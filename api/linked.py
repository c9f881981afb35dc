"""
The page's modules as one script and its style sheets as one: a request instead of a hundred.

A browser that must fetch a hundred small files before it can show anything spends more time on asking than
on all the rest. The page stays plain modules that run as they lie there; what is sent is those same modules,
each in a function of its own and without comments, in the order in which a browser would run them. The
syntax is the small part that our page uses, and anything else is refused rather than sent in pieces.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.front.shelf import Source

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = "main.js"
"""The module with which the page starts."""

SHEETS = "all.css"
"""The style sheet that imports all others."""

_FROM = r"from\s+'(?P<path>\.[^']+)';$"
_IMPORT = re.compile(rf"^import\s+(?P<what>\{{[^}}]*\}}|\*\s+as\s+[\w$]+)\s+{_FROM}", re.MULTILINE)
_PASSED_ON = re.compile(rf"^export\s+\{{(?P<names>[^}}]*)\}}\s+{_FROM}", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?=(?:(?:async\s+)?function|class|const)\s+(?P<name>[\w$]+))", re.MULTILINE)
_LATER = re.compile(r"\bawait import\('(?P<path>\.[^']+)'\)")
_HERE = re.compile(r"\bimport\.meta\.url\b")
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?s:(?:(?!\*/).)*)\*/[ \t]*)$", re.MULTILINE)
_TYPE = re.compile(r"/\*\* @type [^*]*\*/ ?")
_OTHER = re.compile(r"^\s*(?:export\b.*|import\b.*)", re.MULTILINE)
_OURS = re.compile(r"\$(?:module|at|later)\b")
"""Names that are put in: a module that has them would get others than it means."""
_SHEET = re.compile(r'^@import\s+"(?P<path>[^"]+)";\n', re.MULTILINE)
_ADDRESS = re.compile(r'url\("(?P<path>[^":]+)"\)')

_START = """\
const modules = new Map();
export function $module(path, make) {
    if (!modules.has(path)) modules.set(path, make());
    return modules.get(path);
}
export const $at = (path) => new URL(`../${path}`, import.meta.url).href;
export async function $later(path) {
    await import(`./${path}`);
    return modules.get(path);
}
"""
"""Of the first script: each module is made once, whichever script brings it."""


class CannotLink(ValueError):
    """A module or style sheet holds what is not linked here."""


@dataclass(frozen=True, slots=True)
class Linked:
    """
    Files as one.

    Parameters
    ----------
    body
        What is sent, in UTF-8.
    sources
        The files of which it was made.
    """

    body: bytes
    sources: tuple[Source, ...]


def script(folder: Path, entry: str) -> Linked | None:
    """
    Link the modules of the page that are needed at once, or those that one of its later parts adds to them.

    Parameters
    ----------
    folder
        The page's files.
    entry
        `ENTRY`, or a module that one of the others fetches later; as a path below the folder.

    Returns
    -------
    Linked or None
        None if the page never asks for this module.

    Raises
    ------
    CannotLink
        If a module uses syntax beyond ours, or needs itself.
    """
    modules = _Modules(folder)
    first = modules.needed(ENTRY)
    if entry == ENTRY:
        wanted, head = first, _START
    elif entry in modules.brought_later(first):
        # A part may bring further parts; what the first script holds is there already.
        wanted = [path for path in modules.needed(entry) if path not in set(first)]
        up = posixpath.relpath(ENTRY, posixpath.dirname(entry))
        head = f"import {{ $at, $later, $module }} from '{up if up.startswith('.') else f'./{up}'}';\n"
    else:
        return None
    text = head + "".join(map(modules.wrapped, wanted))
    return Linked(text.encode(), modules.sources)


def sheet(folder: Path, entry: str) -> Linked:
    """
    Link a style sheet with those that it imports.

    Parameters
    ----------
    folder
        The page's files.
    entry
        The style sheet, as a path below the folder.

    Returns
    -------
    Linked
        All of them, as they lie one level below the folder.
    """
    read = _Files(folder)

    def linked(path: str) -> str:
        text = _ADDRESS.sub(lambda found: f'url("../{_joined(path, found["path"])}")', read.text(path))
        return _SHEET.sub(lambda found: linked(_joined(path, found["path"])), text)

    return Linked(linked(entry).encode(), read.sources)


class Linker:
    """
    Links what the page asks for, and keeps it for as long as its files stay the same.

    Parameters
    ----------
    folder
        The page's files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Linked] = {}

    def linked(self, path: str) -> Linked | None:
        """
        Link a script or the style sheets.

        Parameters
        ----------
        path
            `ENTRY`, a module that is fetched later, or `SHEETS`.

        Returns
        -------
        Linked or None
            None if the page asks for no such file.

        Raises
        ------
        CannotLink
            If a file uses what is not linked.
        """
        made = self._made.get(path)
        if made is not None and all(source.is_same() for source in made.sources):
            return made
        new = sheet(self._folder, path) if path == SHEETS else script(self._folder, path)
        if new is not None:
            self._made[path] = new
        return new


class _Files:
    """Files of a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, str] = {}
        self._sources: dict[str, Source] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(self._sources.values())

    def text(self, path: str) -> str:
        if path not in self._texts:
            file = self._folder / path
            # Before it is read: a file that changes meanwhile is found to have changed.
            self._sources[path] = Source.of(file)
            self._texts[path] = file.read_text("utf-8")
        return self._texts[path]


class _Modules(_Files):
    """Modules of a page, by their paths."""

    def needed(self, entry: str) -> list[str]:
        """List a module and those that it takes from, each after all from which it takes."""
        done: dict[str, None] = {}

        def add(path: str, above: tuple[str, ...]) -> None:
            if path in above:
                raise CannotLink(f"{path} needs itself: {' -> '.join((*above, path))}")
            if path in done:
                return
            for needed in self._imports(path):
                add(needed, (*above, path))
            done[path] = None

        add(entry, ())
        return list(done)

    def brought_later(self, first: list[str]) -> set[str]:
        """List the modules that others fetch when they need them."""
        found: set[str] = set()
        waiting = list(first)
        while waiting:
            path = waiting.pop()
            for later in _LATER.finditer(self.text(path)):
                entry = _joined(path, later["path"])
                if entry not in found:
                    found.add(entry)
                    waiting += self.needed(entry)
        return found

    def wrapped(self, path: str) -> str:
        """Write a module as a function that returns what it exports; its lines stay where they are."""
        names = {found["name"]: found["name"] for found in _EXPORT.finditer(self.text(path))}

        def pass_on(found: re.Match[str]) -> str:
            taken = _pairs(found["names"])
            names.update({outer: f"{outer}$" for _, outer in taken})
            inner = ", ".join(f"{name}: {outer}$" for name, outer in taken)
            return f"const {{ {inner} }} = {_taken(path, found['path'])};"

        # A third of what is sent would be said to nobody.
        text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), self.text(path))
        text = _PASSED_ON.sub(pass_on, _TYPE.sub("", text))
        text = _IMPORT.sub(
            lambda found: f"const {_bound(found['what'])} = {_taken(path, found['path'])};", text
        )
        text = _EXPORT.sub("", text)
        text = _LATER.sub(lambda found: f"await $later('{_joined(path, found['path'])}')", text)
        text = _HERE.sub(f"$at('{path}')", text)
        left = _OURS.search(self.text(path)) or _OTHER.search(text)
        if left is not None:
            raise CannotLink(f"{path}: cannot link {left[0].strip()!r}")
        told = ", ".join(name if name == inner else f"{name}: {inner}" for name, inner in names.items())
        # In brackets, a browser compiles the function at once instead of looking over it first.
        return f"$module('{path}', (() => {{\n{text}return {{ {told} }};\n}}));\n"

    def _imports(self, path: str) -> list[str]:
        text = self.text(path)
        found = [*_IMPORT.finditer(text), *_PASSED_ON.finditer(text)]
        return [_joined(path, one["path"]) for one in sorted(found, key=re.Match[str].start)]


def _joined(path: str, to: str) -> str:
    """Follow a relative address from a file."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), to))


def _taken(path: str, to: str) -> str:
    return f"$module('{_joined(path, to)}')"


def _bound(what: str) -> str:
    """Turn what an import names into what a declaration binds."""
    if what.startswith("*"):
        return what.rsplit(maxsplit=1)[-1]
    return re.sub(r"\b([\w$]+)\s+as\s+([\w$]+)", r"\1: \2", what)


def _pairs(names: str) -> list[tuple[str, str]]:
    """Split the names of an `export {…} from`: as the other module calls each, and as this one does."""
    words = [name.split() for name in names.split(",") if name.strip()]
    return [(word[0], word[-1]) for word in words]
