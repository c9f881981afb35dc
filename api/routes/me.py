"""Who asks, as the service sees it: for a page that shows its readers their role."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import links as to
from api.access.callers import caller
from api.connection import transaction
from api.queries import no_parameters
from api.schemas.common import LabelPair
from api.schemas.page import Me, OwnArea, Purpose
from hotspot.store import boundaries

if TYPE_CHECKING:
    from api.access.callers import Caller
    from api.settings import ApiSettings

_LABELS = {
    "area_work": LabelPair(nl="Gebiedsgericht werken", en="Work in an area"),
    "analysis": LabelPair(nl="Analyse", en="Analysis"),
    "coordination": LabelPair(nl="Afstemming", en="Coordination"),
    "evaluation": LabelPair(nl="Evaluatie", en="Evaluation"),
    "oversight": LabelPair(nl="Toezicht", en="Oversight"),
}
"""How people read the usual purposes; one of a municipality's own is read as it is written."""


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the route.

    Parameters
    ----------
    settings
        Purposes and kind of access.

    Returns
    -------
    APIRouter
        The route.
    """
    routes = APIRouter(tags=["access"])

    @routes.get("/me", summary="Who asks", response_model=Me)
    def me(request: Request) -> Response:
        """
        Tell the caller's role, level, areas and scopes, and which purposes there are.

        It needs no purpose and is not written into the audit: it tells nothing but what the caller is.
        """
        no_parameters(request)
        who = caller(request)
        body = Me(
            access=settings.access.value,
            name=who.name,
            role=str(who.role),
            level=who.level.value,
            areas=_areas(request, who),
            scopes=tuple(sorted(who.scopes)),
            purpose=_purpose(request, who, settings.purposes),
            expires_at=None
            if who.expires_at_s is None
            else dt.datetime.fromtimestamp(who.expires_at_s, dt.UTC),
            purposes=tuple(Purpose(code=code, label=_label(code)) for code in settings.purposes),
        )
        # Not even for the reader alone: a key that is taken back must not go on working in a page.
        return Response(body.encoded(), headers={"Cache-Control": "no-store", "Content-Type": to.JSON})

    return routes


def _areas(request: Request, who: Caller) -> tuple[OwnArea, ...] | None:
    """Name the areas of somebody who is bound to some."""
    if who.areas is None:
        return None
    with transaction(request) as connection:
        names = boundaries.area_names(connection, who.areas)
    return tuple(OwnArea(code=code, name=names.get(code)) for code in sorted(who.areas))


def _purpose(request: Request, who: Caller, known: tuple[str, ...]) -> str | None:
    """Tell which purpose goes with the request, if it is one."""
    sent = request.headers.get("purpose", who.purpose)
    return sent if sent in known else None


def _label(code: str) -> LabelPair:
    """Name a purpose."""
    plain = code.replace("_", " ").replace("-", " ")
    return _LABELS.get(code, LabelPair(nl=plain, en=plain))
