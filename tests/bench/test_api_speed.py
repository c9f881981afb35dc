"""
The API beside tipg: the same rows in the same PostgreSQL, one uvicorn worker each, measured in turn.

Each row counts only if the answers are right: for some of the very questions that are asked under load, the
set of features is compared with the one that Shapely finds. SQLite has half of the bars, beside this peer.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from tests.bench.served import servers, world
from tests.bench.served.load import Rate, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.served.servers import Server
    from tests.postgis import Cluster

ROUNDS = 2
SECONDS = 2
ORACLES = 20
QUESTIONS = 12_000
"""More than the faster service answers in all rounds: none is asked twice."""

OURS = "/v1/collections/hotspots/items?"
PEERS = f"/collections/{world.SCHEMA}.hotspots/items?"
POINTS = "/v1/collections/cells/items?"
PEERS_POINTS = f"/collections/{world.SCHEMA}.points/items?"


@dataclass(frozen=True, slots=True)
class Pair:
    """Both services, and a folder for the load."""

    ours: Server
    peer: Server
    folder: Path
    share: float
    """Part of the bars that holds for the store."""


@pytest.fixture(scope="module")
def peer_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return servers.peer_environment(tmp_path_factory.mktemp("peer"))


@pytest.fixture(scope="module")
def pair(
    store_kind: str, postgis: Cluster, peer_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("load")
    name = postgis.create()
    world.write_world(postgis.url(name))
    url = postgis.url(name)
    if store_kind == "sqlite":
        url = f"sqlite:///{folder / 'world.db'}"
        world.write_world(url)
    with servers.peer(peer_python, postgis.folder, name) as peer, servers.ours(url) as ours:
        yield Pair(ours, peer, folder, 1.0 if store_kind == "postgis" else 0.5)
    postgis.drop(name)


def measure(
    pair: Pair,
    ours: Sequence[str],
    peers: Sequence[str],
    *,
    connections: int = 8,
    if_none_match: str | None = None,
    accept_encoding: str = "",
) -> tuple[Rate, Rate]:
    """Load both in turn, and take the better round of each."""
    coding = {"Accept-Encoding": accept_encoding} if accept_encoding else {}
    both: list[list[Rate]] = [[], []]
    for turn in range(ROUNDS):
        for n, (server, paths) in enumerate(((pair.peer, peers), (pair.ours, ours))):
            # No question is repeated in the next round.
            part = paths[turn::ROUNDS] if len(paths) >= ROUNDS else paths
            headers = coding | ({"If-None-Match": if_none_match} if if_none_match and n else {})
            rate = load(
                server.base,
                part,
                folder=pair.folder,
                seconds=SECONDS,
                connections=connections,
                headers=headers,
            )
            assert rate.failed == 0, part[0]
            both[n].append(rate)
    peer, own = (max(rates, key=lambda rate: rate.per_s) for rates in both)
    return own, peer


def report(what: str, own: Rate, peer: Rate, bar: float) -> float:
    """Print a row of the table."""
    ratio = own.per_s / peer.per_s
    print(f"{what:34s} {own.per_s:9.1f} /s  tipg {peer.per_s:8.1f} /s  ratio {ratio:7.1f}  bar {bar:g}")  # noqa: T201 -- the figures are what is asked for
    return ratio


def features(server: Server, path: str) -> list[dict[str, Any]]:  # Any: GeoJSON.
    """Read all pages."""
    found: list[dict[str, Any]] = []
    address: str | None = server.base + path
    while address is not None:
        with urllib.request.urlopen(address) as answer:  # noqa: S310 -- our own address
            page = json.load(answer)
        found += page["features"]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    return found


@pytest.fixture(scope="module")
def everything(pair: Pair) -> list[tuple[dict[str, Any], shapely.Geometry]]:
    """All hotspots as they are served, with their shapes."""
    told = features(pair.ours, f"{OURS}limit=1000")
    assert len(told) == world.N_HOTSPOTS
    return [(one, shapely.from_geojson(json.dumps(one["geometry"]))) for one in told]


@dataclass(frozen=True, slots=True)
class Question:
    """One way to ask both, and who is meant."""

    ours: str
    peers: str
    holds: Any  # Any: a predicate of a feature and its shape.


def _boxes(rng: np.random.Generator) -> Iterator[tuple[float, float, float, float]]:
    while True:
        x, y = rng.uniform(5.62, 5.75), rng.uniform(50.81, 50.88)
        yield round(x, 6), round(y, 6), round(x + 0.03, 6), round(y + 0.018, 6)


def by_box(rng: np.random.Generator) -> Iterator[Question]:
    for box in _boxes(rng):
        asked = "bbox={},{},{},{}".format(*box)
        shape = shapely.box(*box)
        yield Question(asked, asked, lambda _, other, shape=shape: shapely.intersects(shape, other))


def by_time(rng: np.random.Generator) -> Iterator[Question]:
    """Instants; the peer looks at the start alone, so it is asked for the weeks before as well."""
    while True:
        day, second = int(rng.integers(8, 600)), int(rng.integers(0, 86_400))
        instant = np.datetime64("2025-01-06T00:00:00") + np.timedelta64(day * 86_400 + second, "s")
        text = f"{instant}Z"
        before = f"{instant - np.timedelta64(28 * 86_400, 's')}Z"
        date = str(instant)[:10]
        yield Question(
            f"datetime={text}",
            f"datetime={before}/{text}",
            lambda one, _, date=date: (
                one["properties"]["window_start"] <= date <= one["properties"]["window_end"]
            ),
        )


def by_attribute(rng: np.random.Generator) -> Iterator[Question]:
    for n in range(QUESTIONS):
        theme, rank, observed = world.THEMES[n % 6], n // 6 % 20 + 1, n // 120
        asked = f"theme={theme}&rank={rank}" + (
            f"&observed={observed}" if n % 2 else f"&window_weeks={observed}"
        )
        values = dict(pair.split("=") for pair in asked.split("&"))
        yield Question(
            asked,
            asked,
            lambda one, _, values=values: all(
                str(one["properties"][name]) == value for name, value in values.items()
            ),
        )


def by_filter(rng: np.random.Generator) -> Iterator[Question]:
    while True:
        least, most = round(float(rng.uniform(1, 4)), 5), round(float(rng.uniform(4, 9)), 5)
        theme = world.THEMES[int(rng.integers(0, 6))]
        text = f"theme='{theme}' AND relative_risk>{least} AND expected<{most}".replace(" ", "%20")
        asked = f"filter-lang=cql2-text&filter={text.replace('>', '%3E').replace('<', '%3C')}"
        yield Question(
            asked,
            asked,
            lambda one, _, theme=theme, least=least, most=most: (
                one["properties"]["theme"] == theme
                and one["properties"]["relative_risk"] > least
                and one["properties"]["expected"] < most
            ),
        )


UNCACHED = [
    (kind, limit)
    for kind, limits in (
        (by_box, (10, 100, 1000)),
        (by_time, (10, 100)),
        (by_attribute, (10,)),
        (by_filter, (10, 100)),
    )
    for limit in limits
]


@pytest.mark.benchmark
def test_cached_pages_of_10_and_1000(pair: Pair, everything: list[Any]) -> None:
    for limit, bar in ((10, 50.0), (1000, 300.0)):
        path = f"{OURS}limit={limit}"
        for _ in range(3):
            told = json.loads(pair.ours.get(path))
            # As browsers, GDAL and QGIS ask: what is kept is coded already.
            pair.ours.get(path, Accept_Encoding="gzip")
        assert [one["id"] for one in told["features"]] == [one["id"] for one, _ in everything[:limit]]
        own, peer = measure(pair, [path], [f"{PEERS}limit={limit}"], accept_encoding="gzip")
        assert report(f"cached limit={limit}", own, peer, bar * pair.share) >= bar * pair.share


@pytest.mark.benchmark
def test_filters_never_seen_before(pair: Pair, everything: list[Any]) -> None:
    ratios = []
    for kind, limit in UNCACHED:
        questions = [
            one for one, _ in zip(kind(np.random.default_rng(limit)), range(QUESTIONS), strict=False)
        ]
        for question in questions[-ORACLES:]:
            expected = [one["id"] for one, shape in everything if question.holds(one, shape)]
            assert [one["id"] for one in features(pair.ours, f"{OURS}limit=1000&{question.ours}")] == expected
        own, peer = measure(
            pair,
            [f"{OURS}limit={limit}&{one.ours}" for one in questions],
            [f"{PEERS}limit={limit}&{one.peers}" for one in questions],
        )
        ratios.append(report(f"uncached {kind.__name__} limit={limit}", own, peer, 3.0 * pair.share))
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"geometric mean of the uncached: {mean:.1f}, least {min(ratios):.1f}")  # noqa: T201
    assert mean >= 5.0 * pair.share
    assert min(ratios) >= 3.0 * pair.share


@pytest.mark.benchmark
def test_304(pair: Pair) -> None:
    path = f"{OURS}limit=10"
    for _ in range(3):
        with urllib.request.urlopen(pair.ours.base + path) as answer:  # noqa: S310 -- our own address
            tag = answer.headers["ETag"]
    own, peer = measure(pair, [path], [f"{PEERS}limit=10"], if_none_match=tag)
    assert report("304", own, peer, 50.0 * pair.share) >= 50.0 * pair.share


@pytest.mark.benchmark
def test_page_at_row_90000_by_keyset(pair: Pair) -> None:
    page = json.loads(pair.ours.get(f"{POINTS}limit=1000"))
    for _ in range(90):
        following = next(link["href"] for link in page["links"] if link["rel"] == "next")
        page = json.loads(pair.ours.get(following.removeprefix(pair.ours.base)))
    assert page["features"][0]["id"].startswith("p90000-")
    times_s: dict[str, list[float]] = {"first": [], "deep": []}
    for n in range(20):
        # Another limit each time, so that neither is kept.
        for name, path in (("first", POINTS), ("deep", following.removeprefix(pair.ours.base) + "&")):
            began = time.perf_counter()
            pair.ours.get(path.replace("limit=1000&", "") + f"limit={1000 - n}")
            times_s[name].append(time.perf_counter() - began)
    first_s, deep_s = (sorted(times)[len(times) // 2] for times in times_s.values())
    print(f"page at row 90,000: {deep_s / first_s:.2f} of the first")  # noqa: T201
    assert deep_s / first_s <= 1.5


def _tiles(zoom: int) -> list[tuple[int, int, int]]:
    """Tiles over the town: zoom, row, column."""
    n = 2**zoom
    columns = [int((lon + 180) / 360 * n) for lon in (5.64, 5.76)]
    rows = [int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n) for lat in (50.88, 50.82)]
    return [
        (zoom, row, column)
        for row in range(rows[0], rows[1] + 1)
        for column in range(columns[0], columns[1] + 1)
    ]


@pytest.mark.benchmark
def test_tiles_z14_to_z16(pair: Pair) -> None:
    named = ",".join(world.ATTRIBUTES)
    all_of_them = [tile for zoom in (14, 15, 16) for tile in _tiles(zoom)]
    ours = [f"/v1/collections/hotspots/tiles/WebMercatorQuad/{z}/{y}/{x}" for z, y, x in all_of_them]
    base = f"/collections/{world.SCHEMA}.hotspots/tiles/WebMercatorQuad"
    peers = [f"{base}/{z}/{x}/{y}?properties={named}" for z, y, x in all_of_them]
    pair.ours.get("/v1/collections/hotspots/tiles/WebMercatorQuad/13/2748/4226")
    pair.peer.get(f"{base}/13/4226/2748")
    pair.ours.rest()
    # Asked for the first time, each tile is made; in turn, so that both see the same machine, and on one
    # connection each, as browsers ask: to connect anew takes longer than a small tile.
    own_s = peer_s = 0.0
    with pair.ours.connection() as to_ours, pair.peer.connection() as to_peer:
        for own_path, peer_path in zip(ours, peers, strict=True):
            own_s += to_ours(own_path)
            peer_s += to_peer(peer_path)
    print(f"{len(ours)} tiles z14-z16 made: {peer_s / own_s:.1f} times as fast")  # noqa: T201
    for _ in range(2):
        for path in ours:
            pair.ours.get(path)
    own, peer = measure(pair, ours, peers)
    ratio = report("tiles z14-z16 cached", own, peer, 50.0 * pair.share)
    assert peer_s / own_s >= 2.0 * pair.share
    assert ratio >= 50.0 * pair.share


@pytest.mark.benchmark
def test_dump_of_100000_points(pair: Pair) -> None:
    before_mb = pair.ours.rss_mb()
    own, peer = [], []
    most_mb = before_mb
    # In turn, and the better round of each, as for what is asked under load.
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with urllib.request.urlopen(f"{pair.ours.base}{POINTS}f=geojson") as answer:  # noqa: S310 -- our own address
            told = bytearray()
            while piece := answer.read(1 << 20):
                told += piece
                most_mb = max(most_mb, pair.ours.rss_mb())
        own.append(time.perf_counter() - began)
        assert len(json.loads(told)["features"]) == world.N_POINTS
        began = time.perf_counter()
        n_read = 0
        while n_read < world.N_POINTS:
            page = json.loads(pair.peer.get(f"{PEERS_POINTS}limit=10000&offset={n_read}"))
            n_read += len(page["features"])
        peer.append(time.perf_counter() - began)
    growth_mb, ratio = most_mb - before_mb, min(peer) / min(own)
    print(f"dump of 100,000 points: ratio {ratio:.1f}, growth {growth_mb:.0f} MB")  # noqa: T201
    assert ratio >= 15.0 * pair.share
    assert growth_mb < 50


@contextmanager
def mixed(pair: Pair) -> Iterator[None]:
    """Ask new questions all the while, two at a time."""
    import threading  # noqa: PLC0415 -- for this load alone

    over = threading.Event()

    def ask(seed: int) -> None:
        for question in by_box(np.random.default_rng(seed)):
            if over.is_set():
                return
            pair.ours.get(f"{OURS}limit=100&{question.ours}")

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in (71, 72)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.benchmark
def test_cached_answers_stay_quick_at_64_connections_beside_others(pair: Pair) -> None:
    path = f"{OURS}limit=10"
    for _ in range(3):
        pair.ours.get(path)
    with mixed(pair):
        rates = [
            load(pair.ours.base, [path], folder=pair.folder, seconds=SECONDS, connections=64)
            for _ in range(3)
        ]
    best = min(rate.p99_ms for rate in rates)
    print(f"p99 of cached answers at 64 connections: {best:.1f} ms")  # noqa: T201
    assert best <= 50.0


@pytest.mark.benchmark
def test_memory_of_a_worker(pair: Pair) -> None:
    """After all that was asked, told beside the other's; the bar is that of the next test."""
    own_mb, peer_mb = pair.ours.rss_mb(), pair.peer.rss_mb()
    print(f"memory of our worker after the load: {own_mb:.0f} MB, tipg {peer_mb:.0f} MB")  # noqa: T201


@pytest.mark.benchmark
def test_memory_of_a_worker_that_serves_the_demonstration(
    store_kind: str, postgis: Cluster, tmp_path: Path
) -> None:
    name = postgis.create()
    url = postgis.url(name) if store_kind == "postgis" else f"sqlite:///{tmp_path / 'demonstration.db'}"
    command = [str(Path(sys.executable).with_name("hotspot")), "demo", "--no-serve", "--store", url]
    subprocess.run(command, check=True, cwd=tmp_path, stdout=subprocess.DEVNULL)
    with servers.ours(url) as ours:
        # As the map page in a browser asks, and a program for the first page of each collection.
        for path in ("/", "/v1/map", "/v1/weeks", "/v1/rankings/latest/overview", "/v1/collections"):
            ours.get(path, Accept_Encoding="gzip, deflate, br, zstd")
        for one in json.loads(ours.get("/v1/collections"))["collections"]:
            ours.get(f"/v1/collections/{one['id']}/items", Accept_Encoding="gzip")
        for level, row, column in (tile for zoom in (12, 13, 14) for tile in _tiles(zoom)):
            path = f"/v1/collections/hotspots/tiles/WebMercatorQuad/{level}/{row}/{column}"
            ours.get(path, Accept_Encoding="gzip, deflate, br, zstd")
        ours.rest()
        own_mb = ours.rss_mb()
    postgis.drop(name)
    print(f"memory of a worker that serves the demonstration: {own_mb:.0f} MB")  # noqa: T201
    assert own_mb <= 120.0
