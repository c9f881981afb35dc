"""One line of JSON for each request, written some at a time, without keys and without what was looked for."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERY_S = 0.25
"""Lines wait so long at the most: writing each alone would cost more than an answer from kept bytes."""

_MOST_LINES = 256
"""So many lines are written at once, whatever the time."""

_ID_BYTES = 8
"""Of a drawn id: two of a day's requests hardly ever share one."""

_SANE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


class Ids:
    """Hands out the ids of requests: drawn, since a number would tell everybody how much others ask."""

    def of(self, given: bytes | None) -> bytes:
        """
        Name a request.

        Parameters
        ----------
        given
            The id that the caller gave, if any.

        Returns
        -------
        bytes
            The given one if it is sane, else a new one.
        """
        if given is not None and _SANE.fullmatch(given):
            return given
        return secrets.token_hex(_ID_BYTES).encode()


@dataclass(frozen=True, slots=True)
class Line:
    """
    What is noted of a request.

    Parameters
    ----------
    at_s
        When it ended, in seconds UTC.
    request_id
        Its id.
    method, path
        What was asked.
    query
        Its parameters; only their names are noted.
    status
        Status of the answer; 499 where the caller left before it began.
    seconds
        How long it took.
    n_bytes
        Bytes of the body that were sent.
    is_kept
        Whether the answer came from kept bytes.
    caller, level
        Name and level of the caller; empty where nobody asked who it is.
    """

    at_s: float
    request_id: str
    method: str
    path: str
    query: bytes
    status: int
    seconds: float
    n_bytes: int
    is_kept: bool
    caller: str = ""
    level: str = ""

    def text(self) -> str:
        """
        Write it as JSON.

        Returns
        -------
        str
            One line.
        """
        told: dict[str, object] = {
            "time": round(self.at_s, 3),
            "id": self.request_id,
            "method": self.method,
            "path": self.path,
        }
        if self.query:
            told["parameters"] = _names(self.query)
        told |= {
            "status": self.status,
            "ms": round(self.seconds * 1000, 2),
            "bytes": self.n_bytes,
            "kept": self.is_kept,
        }
        if self.caller:
            told |= {"caller": self.caller, "level": self.level}
        return json.dumps(told, ensure_ascii=True, separators=(",", ":"))


def _names(query: bytes) -> list[str]:
    """List the names of the parameters, which tell what was used and not what was looked for."""
    pairs = query.decode("latin-1").split("&")
    return [unquote_plus(pair.partition("=")[0])[:40] for pair in pairs[:20] if "=" in pair]


class Journal:
    """
    Collects lines and writes them some at a time.

    Parameters
    ----------
    write
        Takes the lines, each with its end; None notes nothing.
    """

    def __init__(self, write: Callable[[str], object] | None) -> None:
        self._write = write
        self._lines: list[Line] = []
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_kept(self) -> bool:
        """Whether lines are written at all."""
        return self._write is not None

    def note(self, line: Line) -> None:
        """
        Note a request.

        Parameters
        ----------
        line
            What is noted.
        """
        self._lines.append(line)
        if len(self._lines) >= _MOST_LINES:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_EVERY_S, self.flush)

    def flush(self) -> None:
        """Write what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._lines = self._lines, []
        if lines and self._write is not None:
            self._write("".join(f"{line.text()}\n" for line in lines))
