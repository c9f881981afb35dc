"""
Who may read and write notes: a file names teams, and the hash of the token that each of them holds.

The file is read anew for each request that needs it, which are few: whoever is struck from it is out at once.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from hotspot.errors import InvalidFile, StoreNotReady
from hotspot.notes import token_hash

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

_DIGITS = 64
"""Hexadecimal digits of a SHA-256."""


def read_writers(path: Path) -> dict[str, str]:
    """
    Read the file of those who may write.

    Parameters
    ----------
    path
        A text file, one team a line: 64 hexadecimal digits, a blank, the name. Lines that begin with `#` and
        empty ones are left aside.

    Returns
    -------
    dict of str
        Name of each by the hash of its token.

    Raises
    ------
    InvalidFile
        If a line is neither, or the file cannot be read.
    """
    writers: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InvalidFile(f"cannot be read: {error.strerror}", file=str(path)) from error
    except UnicodeError as error:
        raise InvalidFile("must be text in UTF-8, got other bytes", file=str(path)) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        digest, _, name = line.partition(" ")
        if len(digest) != _DIGITS or not set(digest) <= set("0123456789abcdef") or not name.strip():
            raise InvalidFile(
                # Not told back: whoever put the token itself into the file must not find it in the log.
                f"must hold {_DIGITS} hexadecimal digits, a blank and a name, got {len(line)} characters",
                file=str(path),
                row=number,
            )
        writers[digest] = name.strip()
    return writers


def author(request: Request, path: Path | None) -> str:
    """
    Tell who makes a request.

    Parameters
    ----------
    request
        The request; its header `Authorization` holds `Bearer` and a token.
    path
        The file of those who may write; absent where nobody may.

    Returns
    -------
    str
        The name that belongs to the token.

    Raises
    ------
    HTTPException
        401 if there is no token, or not one of these.
    StoreNotReady
        If the file cannot be used, which is not the caller's mistake.
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        known = {} if path is None else read_writers(path)
    except InvalidFile as error:
        raise StoreNotReady(str(error)) from error
    found = None
    if kind.lower() == "bearer" and token:
        given = token_hash(token.strip())
        # Each is compared in full, so that the time tells nothing of how far a guess was right.
        found = [name for digest, name in known.items() if hmac.compare_digest(digest, given)]
    if not found:
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED,
            "Notes need a token: send `Authorization: Bearer TOKEN`.",
            headers={"WWW-Authenticate": 'Bearer realm="notes"'},
        )
    return found[0]
