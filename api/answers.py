"""Answers with a strong ETag: whoever holds the same bytes already gets 304 and none of them again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.requests import Request

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude and latitude on WGS 84, longitude first: how every geometry is served."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def answer(
    request: Request,
    body: bytes,
    *,
    media_type: str,
    lifetime: timedelta,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """
    Send bytes, or 304 if the caller holds them already.

    Parameters
    ----------
    request
        The request; its `If-None-Match` is compared.
    body
        What is sent.
    media_type
        Its media type, a charset included where there should be one.
    lifetime
        How long it may be shown before it is asked again whether it still holds; zero is always.
    headers
        Further headers.

    Returns
    -------
    Response
        200 with the bytes or 304 without.
    """
    etag = entity_tag(media_type, body)
    sent = {"ETag": etag, "Cache-Control": caching(lifetime), **(headers or {})}
    if matches(request.headers.getlist("if-none-match"), etag):
        return Response(status_code=304, headers=sent)
    # Given as a header, because starlette would add a charset to a text's media type.
    return Response(body, headers={**sent, "Content-Type": media_type})


def dated_tag(*said: object) -> str:
    """
    Name a representation by what it is made of, before it is made.

    Parameters
    ----------
    *said
        All that decides its bytes: the version of the data, the address that was asked for, who may see what,
        the format.

    Returns
    -------
    str
        A strong entity tag, quotes included.
    """
    text = "\n".join(map(str, said))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def caching(lifetime: timedelta, *, is_public: bool = True) -> str:
    """
    Say who may keep an answer, and for how long.

    Parameters
    ----------
    lifetime
        How long it may be shown before it is asked again whether it still holds; zero is always.
    is_public
        Whether everybody gets the same; what somebody gets who had to say who they are is kept nowhere.

    Returns
    -------
    str
        Value of `Cache-Control`.
    """
    seconds = int(lifetime / timedelta(seconds=1))
    if not is_public:
        return "private, no-store"
    return f"public, max-age={seconds}" if seconds else "no-cache"


def sheet(request: Request, body: bytes, *, name: str, lifetime: timedelta) -> Response:
    """
    Send a table, or 304 if the caller holds it already.

    Parameters
    ----------
    request
        The request.
    body
        What `table` wrote.
    name
        Name of the file, without its ending.
    lifetime
        As in `answer`.

    Returns
    -------
    Response
        As of `answer`.
    """
    headers = {"Content-Disposition": f'inline; filename="{name}.csv"'}
    return answer(request, body, media_type="text/csv; charset=utf-8", lifetime=lifetime, headers=headers)


def encoded(value: object) -> bytes:
    """
    Write JSON without blanks.

    Parameters
    ----------
    value
        Whatever JSON can say.

    Returns
    -------
    bytes
        UTF-8.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """
    Write a table for spreadsheets (RFC 4180).

    Parameters
    ----------
    columns
        Names of the columns.
    rows
        The values of each row in their order.

    Returns
    -------
    bytes
        CSV in UTF-8, behind the mark by which spreadsheets know it.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(columns)
    lines.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def cell(value: object) -> object:
    """
    Write a value for a spreadsheet.

    Parameters
    ----------
    value
        The value.

    Returns
    -------
    object
        A text that is kept from being read as a formula, the joined texts of a list, truth as JSON has it;
        else the value itself.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return cell(" ".join(map(str, value)))
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def entity_tag(media_type: str, body: bytes) -> str:
    """
    Name a representation by its content.

    Parameters
    ----------
    media_type
        Its media type: the same bytes of another type are another representation.
    body
        Its bytes.

    Returns
    -------
    str
        A strong entity tag, quotes included.
    """
    digest = hashlib.sha256(media_type.encode() + b"\n" + body).hexdigest()
    return f'"{digest[:32]}"'


def matches(if_none_match: list[str], etag: str) -> bool:
    """
    Compare weakly, as RFC 9110 asks for `If-None-Match`.

    Parameters
    ----------
    if_none_match
        Values of the header, each `*` or a list of tags.
    etag
        Tag of what would be sent.

    Returns
    -------
    bool
        Whether the caller holds it.
    """
    return any(value.strip() == "*" or etag in _TAG.findall(value) for value in if_none_match)
