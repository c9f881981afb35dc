"""Claims and detectors made up for tests."""

from dataclasses import replace

import numpy as np
import shapely

from hotspot.evaluate.claims import Claim, Method, Scene
from hotspot.evaluate.matching import Pair, Planting, Scored
from hotspot.evaluate.worlds import World
from hotspot.model import Grade, Kind


def claim(
    *,
    xy_m: tuple[float, float] = (0.0, 0.0),
    radius_m: float = 50.0,
    score: float = 1.0,
    kind: Kind = Kind.ACUTE,
    grade: Grade = Grade.NONE,
    members: tuple[int, ...] = (1,),
) -> Claim:
    return Claim(shapely.Point(xy_m).buffer(radius_m), score, kind, grade, members, xy_m)


def planting(
    *, kind: Kind = Kind.ACUTE, incidents: int = 5, on_border: bool = False, radius_m: float = 100.0
) -> Planting:
    return Planting(kind, radius_m, 4, incidents, on_border, is_plain=True, recorded=incidents)


def pair(
    truth: int = 0,
    *,
    held: float = 1.0,
    members_held: float = 1.0,
    purity: float = 1.0,
    iou: float = 0.5,
    error_m: float = 10.0,
) -> Pair:
    return Pair(truth, held, members_held, purity, iou, iou, error_m)


def scored_claim(
    *pairs: Pair, score: float = 1.0, kind: Kind = Kind.ACUTE, grade: Grade = Grade.NONE
) -> Scored:
    return Scored(score, kind, grade, 1e4, 5, pairs)


def clairvoyant(where: World) -> Method:
    """A detector that knows one world's truth and nothing else."""

    def find(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
        del scene, rng
        return tuple(
            claim(
                xy_m=spot.xy_m,
                radius_m=spot.radius_m,
                score=float(spot.incidents),
                kind=spot.kind,
                grade=Grade.CONFIRMED,
                members=spot.members,
            )
            for spot in where.truth
        )

    return Method("clairvoyant", "clairvoyant", find, kinds=frozenset(Kind), is_graded=True)


def noise(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """Point anywhere, more surely on some weeks than on others."""
    index = int(rng.integers(len(scene.incidents)))
    x_m, y_m = scene.incidents.xy_m[index].tolist()
    made = claim(xy_m=(x_m, y_m), score=float(rng.random()), members=(int(scene.incidents.key[index]),))
    return (made, replace(made, score=made.score / 2))


NOISE = Method("noise", "noise", noise)
