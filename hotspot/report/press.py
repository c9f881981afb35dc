"""
A briefing made by a process of its own: `python -m hotspot.report.press`, JSON in, PDF out.

Laying out a page takes fonts and memory that a service keeps free for its answers.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import TYPE_CHECKING, BinaryIO

from hotspot.errors import StoreUnavailable
from hotspot.report.published import PublishedList
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.report.published import Json

_PATIENCE_S = 30.0
"""Seconds after which a page is given up; it takes one or two."""


def printed(listed: PublishedList, areas: Sequence[Json], *, code: str | None, language: str) -> bytes:
    """
    Make the PDF of a briefing.

    Parameters
    ----------
    listed
        The whole list of the week, without notes.
    areas
        Neighbourhoods and districts as GeoJSON features.
    code
        Code of the area; absent for the municipality.
    language
        `nl` or `en`.

    Returns
    -------
    bytes
        The file, one A4.

    Raises
    ------
    StoreUnavailable
        If the page is not made in time.
    """
    told = {
        "week": str(listed.week),
        "edition": listed.edition,
        "content_hash": listed.content_hash,
        "published_at": listed.published_at.isoformat(),
        "summary": listed.summary,
        "features": listed.features,
    }
    sent = {"listed": told, "areas": list(areas), "code": code, "language": language}
    try:
        made = subprocess.run(  # noqa: S603 - our own module, told what to do through its input.
            [sys.executable, "-m", __name__],
            input=json.dumps(sent).encode(),
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise StoreUnavailable(f"the briefing could not be made: {error}") from error
    return made.stdout


def main(source: BinaryIO, target: BinaryIO) -> None:
    """
    Make one page.

    Parameters
    ----------
    source
        What `printed` sends.
    target
        Takes the PDF.
    """
    from hotspot.report.pdf import Press  # noqa: PLC0415 - whoever only sends needs no fonts.

    sent = json.load(source)
    told = sent["listed"]
    listed = PublishedList(
        week=Week.parse(told["week"]),
        edition=told["edition"],
        content_hash=told["content_hash"],
        published_at=dt.datetime.fromisoformat(told["published_at"]),
        summary=told["summary"],
        features=tuple(told["features"]),
    )
    press = Press()
    page = press.fitting(listed, sent["areas"], code=sent["code"], language=sent["language"])
    target.write(press.pdf(page, published_at=listed.published_at))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
