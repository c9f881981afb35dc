"""Files that a command writes: whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, content: bytes, *, option: str) -> None:
    """
    Write a file so that nobody ever sees half of it: beside its place, and then in its place.

    Parameters
    ----------
    path
        The file; one that is there is replaced.
    content
        What it holds.
    option
        Name of the option that names it, for the complaint.

    Raises
    ------
    InvalidParameter
        If its folder does not exist, or it is itself a folder.
    OSError
        If the folder cannot be written; the file that was there stays as it was.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise InvalidParameter(f"{option} must name a file in an existing folder, got {path}")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
