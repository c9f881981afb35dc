"""What professionals say of a hotspot, and what they do about it; for those whose key or token allows it."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import links as to
from api import parameters
from api.access.callers import caller
from api.connection import transaction, writing
from api.queries import MAX_MISTAKES, Reader
from api.schemas.notes import ActionLine, HotspotNotes, NewNote, NoteLine
from hotspot.catalogue import Disclosure
from hotspot.editions import hotspot_and_week
from hotspot.errors import Forbidden, InvalidQuery, NotFound
from hotspot.notes import Action, Note, Status, Verdict, dossier
from hotspot.roles import Scope
from hotspot.store import notes as stored

if TYPE_CHECKING:
    from api.connection import Connection

_MAX_BYTES = 16_384
"""Bytes of a request's body: three times the longest note."""


async def _body(request: Request) -> bytes:
    """Read what was sent, and no more than a note can be."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != to.JSON:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A note is {to.JSON}, got {media_type or 'no type'!r}."
        )
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_BYTES:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A note has at most {_MAX_BYTES} bytes."
            )
    return body


Body = Annotated[bytes, Depends(_body)]


def router() -> APIRouter:
    """
    Make the routes; who may use them is decided at the door.

    Returns
    -------
    APIRouter
        The routes.
    """
    routes = APIRouter(tags=["notes"])
    described = {
        "parameters": [parameters.HOTSPOT_ID.document()],
        "security": [{"bearer": []}, {"apiKey": []}],
    }
    path = "/hotspots/{hotspotId}/notes"

    @routes.get(
        path, summary="Notes about a hotspot", response_model=HotspotNotes, openapi_extra=dict(described)
    )
    def notes(request: Request) -> Response:
        """All notes, the oldest first, and how the hotspot stands: the latest verdict and action."""
        hotspot_id = _hotspot_id(request)
        _require_notes(request)
        with transaction(request) as connection:
            _require_seen(connection, request, hotspot_id)
            found = stored.notes_of(connection, [hotspot_id]).get(hotspot_id, ())
        request.state.records = len(found)
        return _answer(_told(hotspot_id, found, to.Links(request)).encoded(), HTTPStatus.OK)

    body = {"required": True, "content": {to.JSON: {"schema": {"$ref": "#/components/schemas/NewNote"}}}}

    @routes.post(
        path,
        summary="Add a note",
        status_code=HTTPStatus.CREATED,
        response_model=HotspotNotes,
        openapi_extra=described | {"requestBody": body},
    )
    def add(request: Request, sent: Body) -> Response:
        """Add a verdict, an action, or both. Nothing that is written here changes a count or a rank."""
        hotspot_id = _hotspot_id(request)
        _require_notes(request)
        note = _note(_read(sent), hotspot_id, caller(request).name)
        with writing(request) as connection:
            _require_seen(connection, request, hotspot_id)
            stored.add_note(connection, note)
            found = stored.notes_of(connection, [hotspot_id])[hotspot_id]
        request.state.records = len(found)
        return _answer(_told(hotspot_id, found, to.Links(request)).encoded(), HTTPStatus.CREATED)

    return routes


def _hotspot_id(request: Request) -> str:
    """Read the address, which takes no parameters; notes are of a hotspot and not of one week of it."""
    read = Reader(request)
    name = read.read(parameters.HOTSPOT_ID, "")
    read.finish()
    return hotspot_and_week(name)[0]


def _require_notes(request: Request) -> None:
    """Ask once more whether the caller may: notes have no open level, should the door take them for it."""
    asking = caller(request)
    if Scope.NOTES not in asking.scopes or asking.level is not Disclosure.INTERNAL:
        raise Forbidden("notes need the scope notes and the internal level, which the caller does not have")


def _require_seen(connection: Connection, request: Request, hotspot_id: str) -> None:
    """Make sure that there is such a hotspot, and that it touches the areas of whoever is bound to some."""
    areas = caller(request).areas
    touched = stored.touched_areas(connection, hotspot_id)
    if not touched or (areas is not None and not touched & areas):
        raise NotFound(f"there is no hotspot {hotspot_id!r}")


def _read(sent: bytes) -> NewNote:
    """Read a note, or tell all that is wrong with it."""
    try:
        return NewNote.model_validate_json(sent)
    except ValidationError as error:
        mistakes = {
            ".".join(map(str, mistake["loc"])) or "body": str(mistake["msg"])
            for mistake in error.errors(include_url=False, include_context=False)
        }
        raise InvalidQuery(dict(list(mistakes.items())[:MAX_MISTAKES])) from error


def _note(new: NewNote, hotspot_id: str, writer: str) -> Note:
    """Make the note that is kept."""
    action = new.action
    return Note(
        hotspot_id=hotspot_id,
        author=writer,
        written_at=dt.datetime.now(dt.UTC).replace(microsecond=0),  # noqa: TID251 -- a door.
        verdict=None if new.verdict is None else Verdict(new.verdict),
        text=new.text,
        action=None
        if action is None
        else Action(what=action.what, who=action.who, due=action.due, status=Status(action.status)),
    )


def _told(hotspot_id: str, found: tuple[Note, ...], links: to.Links) -> HotspotNotes:
    """Tell the notes and what they come to."""
    of = dossier(found)
    return HotspotNotes(
        hotspot_id=hotspot_id,
        verdict=of.verdict,
        action=_action(of.action),
        notes=tuple(
            NoteLine(
                author=note.author,
                written_at=note.written_at,
                verdict=note.verdict,
                text=note.text,
                action=_action(note.action),
            )
            for note in found
        ),
        links=(links.itself(to.JSON), links.hotspot(hotspot_id)),
    )


def _action(action: Action | None) -> ActionLine | None:
    """Tell an action."""
    if action is None:
        return None
    return ActionLine(what=action.what, who=action.who, due=action.due, status=action.status)


def _answer(body: bytes, status: HTTPStatus) -> Response:
    """Send what is not for everybody: nobody on the way may keep it."""
    return Response(body, status, media_type=to.JSON, headers={"Cache-Control": "no-store"})
