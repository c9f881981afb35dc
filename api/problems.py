"""One table turns errors into HTTP; every error is told as RFC 9457 asks, all mistakes at once."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.schemas.common import Mistake, Problem
from api.settings import PREFIX
from hotspot.errors import (
    AccessNotConfigured,
    Busy,
    Forbidden,
    HotspotError,
    InvalidInput,
    InvalidQuery,
    NotAcceptable,
    NotFound,
    OutOfTime,
    StoreNotReady,
    StoreUnavailable,
    TooManyRequests,
    Unauthenticated,
    Unsuitable,
)
from hotspot.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

STATUS: dict[type[HotspotError], HTTPStatus] = {
    InvalidInput: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    AccessNotConfigured: HTTPStatus.SERVICE_UNAVAILABLE,
    Unsuitable: HTTPStatus.CONFLICT,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    OutOfTime: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreNotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Status of each kind of error and of all kinds below it."""

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER_S = 5
"""Seconds after which asking again makes sense when the store is away; about a database's restart."""

_log = logging.getLogger(__name__)


def status_of(error: HotspotError) -> HTTPStatus:
    """
    Tell the status of an error: that of its nearest listed ancestor.

    Parameters
    ----------
    error
        Any error of the tree.

    Returns
    -------
    HTTPStatus
        Its status; an unlisted error is our own fault.
    """
    ancestors = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(ancestors, HTTPStatus.INTERNAL_SERVER_ERROR)


def response(error: Exception, methods: Sequence[str] = ()) -> Response:
    """
    Answer with an error.

    Parameters
    ----------
    error
        Ours, the framework's, or an unforeseen one, of which nothing is told but that it happened.
    methods
        What the address takes beside GET, HEAD and OPTIONS, which all take.

    Returns
    -------
    Response
        The problem.
    """
    headers = {"Cache-Control": "no-store"}
    mistakes: tuple[Mistake, ...] = ()
    if isinstance(error, HotspotError):
        status, detail = status_of(error), str(error)
        headers |= _for_the_caller(error)
        if isinstance(error, InvalidQuery):
            mistakes = tuple(
                Mistake(parameter=redacted(name), message=redacted(text))
                for name, text in error.mistakes.items()
            )
    elif isinstance(error, HTTPException):
        status, detail = HTTPStatus(error.status_code), str(error.detail)
        headers |= dict(error.headers or {})
    else:
        status, detail = HTTPStatus.INTERNAL_SERVER_ERROR, "The service made a mistake, which it has noted."
    if isinstance(error, StoreNotReady | StoreUnavailable):
        # What a database says of itself (its host, its user) is for the log and not for the world.
        _log.error("the store cannot be used: %s", error)
        detail = "The store cannot be used at the moment; ask again later."
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(dict.fromkeys(["GET", "HEAD", "OPTIONS", *methods]))
    problem = Problem(
        # A key that was sent in the wrong place is not sent back: answers are kept by those who ask.
        type="about:blank",
        title=status.phrase,
        status=status.value,
        detail=redacted(detail),
        errors=mistakes,
    )
    return Response(problem.encoded(), status, {**headers, "Content-Type": MEDIA_TYPE})


def _for_the_caller(error: HotspotError) -> dict[str, str]:
    """Say in headers what programs have to know of an error."""
    if isinstance(error, Unauthenticated):
        reason = ', error="invalid_token"' if error.was_refused else ""
        return {"WWW-Authenticate": f'Bearer realm="hotspot"{reason}'}
    if isinstance(error, TooManyRequests):
        limit = {"RateLimit": f'"caller";r=0;t={error.retry_after_s}', "RateLimit-Policy": error.policy}
        return {"Retry-After": str(error.retry_after_s), **(limit if error.policy else {})}
    if isinstance(error, Busy | OutOfTime):
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {}


def install(app: FastAPI) -> None:
    """
    Let an application answer its errors like this.

    Parameters
    ----------
    app
        The application.
    """

    async def handle(request: Request, error: Exception) -> Response:
        # Only who used a wrong method is told the right ones: looking them up takes the whole description.
        is_about_method = getattr(error, "status_code", None) == HTTPStatus.METHOD_NOT_ALLOWED
        return response(error, _methods(request) if is_about_method else ())

    app.add_exception_handler(HotspotError, handle)
    app.add_exception_handler(HTTPException, handle)


def _methods(request: Request) -> list[str]:
    """List what the description of the interface says an address takes; the framework names one route's."""
    document = request.app.openapi()
    path = request.url.path
    return sorted(
        method.upper()
        for template, item in document["paths"].items()
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(PREFIX + template)), path)
        for method in item
        if method != "servers"
    )
