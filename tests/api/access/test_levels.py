"""Whoever asks, whatever for and in whichever format: nothing of a higher level, nothing of other areas."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonschema
import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import event

from api.app import create_app
from api.settings import ApiSettings
from hotspot.catalogue import COLLECTIONS, Disclosure
from hotspot.disclosure.coarsening import INCIDENT_BANDS
from hotspot.disclosure.rules import read_rules
from hotspot.settings import Access
from hotspot.store import engine as engines
from tests.access import kept_key
from tests.api.access import levels
from tests.api.access.levels import ANALYST, ANYBODY, ASKERS, PARTNER, PARTNER_THERE, TEAM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.access.levels import Asker, Held

PLANE = "http://www.opengis.net/def/crs/EPSG/0/28992"


@dataclass
class Town:
    """A service over the published town, and who asks it."""

    url: str
    held: list[Held]
    keys: dict[str, str | None] = field(default_factory=dict)
    tiles: list[str] = field(default_factory=list)
    clients: list[TestClient] = field(default_factory=list)

    def client(self, **settings: Any) -> TestClient:  # noqa: ANN401 -- one keyword per setting.
        """Start a service."""
        usual: dict[str, Any] = {
            "access": Access.CONTROLLED,
            "rate_per_minute": 0,
            "anonymous_rate_per_minute": 0,
            "local_purpose": False,
            "hosts_warmed": 0,
        }
        app = create_app(ApiSettings(store_url=self.url, **usual | settings))
        client = TestClient(app, raise_server_exceptions=False)
        client.__enter__()
        # The disk of the machine that runs the tests is not what they are about.
        event.listen(app.state.books, "connect", lambda plain, _: plain.execute("PRAGMA synchronous = OFF"))
        self.clients.append(client)
        return client

    def ask(self, client: TestClient, asker: Asker, path: str, **headers: str) -> Any:  # noqa: ANN401 -- the client's.
        """Ask as somebody."""
        key = self.keys[asker.name]
        sent = {} if key is None else {"X-API-Key": key, "Purpose": "analysis"}
        return client.get(path, headers=sent | {k.replace("_", "-"): v for k, v in headers.items()})

    def names(self, kind: str, level: Disclosure) -> list[str]:
        """Names of what is served."""
        return sorted({one.name for one in self.held if one.kind == kind and one.level is level})


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The published town."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("levels") / "town.db")
    engine = engines.create_engine(f"sqlite:///{path}")
    levels.publish_town(engine)
    with engines.read(engine) as connection:
        made = Town(f"sqlite:///{path}", levels.held(connection))
    made.keys = {
        one.name: None if one.role is None else kept_key(engine, one.role, areas=one.areas) for one in ASKERS
    }
    engine.dispose()
    yield made
    for client in made.clients:
        client.__exit__(None, None, None)


@pytest.fixture(scope="module")
def plain(town: Town) -> TestClient:
    """A service that keeps no answers."""
    client = town.client(kept_mib=0)
    town.tiles = tiles(town, client)
    return client


def addresses(town: Town, document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every address of the interface, in every format: path and format."""
    for template, item in document["paths"].items():
        server = item.get("servers", document["servers"])[0]["url"].rstrip("/")
        parameters = item["get"].get("parameters", ())
        formats = next((one["schema"]["enum"] for one in parameters if one.get("name") == "f"), [""])
        for path in filled(town, template):
            for form in formats:
                yield f"{server}{path}".rstrip("/") or "/", form


def filled(town: Town, template: str) -> Iterator[str]:
    """Put values into a path: names of every level, tiles that hold the town."""
    collection = next((one for one in COLLECTIONS if f"/collections/{one.id}/" in template), None)
    if "{featureId}" in template and collection is not None:
        for level in Disclosure:
            for name in town.names(collection.rows, level)[:1]:
                yield template.replace("{featureId}", name)
    elif "{hotspotId}" in template:
        for level in Disclosure:
            for name in list(dict.fromkeys(one[:15] for one in town.names("hotspots", level)))[:3]:
                yield template.replace("{hotspotId}", name)
    elif "{tileMatrix}" in template:
        for tile in town.tiles:
            yield template.partition("{")[0] + tile
    elif "{tileMatrixSetId}" in template:
        for name in MATRIX_SETS:
            yield template.replace("{tileMatrixSetId}", name)
    else:
        district = "WK01" if "/districts/" in template else levels.AREA
        yield template.replace("{week}", "latest").replace("{code}", district)


MATRIX_SETS = ("WebMercatorQuad", "NetherlandsRDNewQuad")


def tiles(town: Town, client: TestClient) -> list[str]:
    """Tiles with something in them: of each set the finest that alone holds all of it."""
    found = []
    for name in MATRIX_SETS:
        limits = town.ask(client, ANALYST, f"/v1/tiles/{name}").json()["tileMatrixSetLimits"]
        alone = [
            one
            for one in limits
            if (one["minTileRow"], one["minTileCol"]) == (one["maxTileRow"], one["maxTileCol"])
        ]
        found.append("{}/{tileMatrix}/{minTileRow}/{minTileCol}".format(name, **alone[-1]))
    return found


def walk(town: Town, client: TestClient, asker: Asker) -> Iterator[tuple[str, Any]]:
    """Ask for everything; once only for what says the same again."""
    document = client.get("/v1/openapi.json").json()
    for path, form in addresses(town, document):
        is_same = path.startswith(SAME) and (form == "csv" or asker is not ANYBODY)
        # Pages show what the JSON says; a process of its own makes fgb of what gpkg says, and pdf is packed.
        is_made = form in {"html", "fgb"} and not (asker is PARTNER and "/hotspots/" in path)
        if is_same or is_made or form == "pdf":
            continue
        limit = "limit=1000&" if path.endswith("/items") else ""
        asked = f"{path}?{limit}f={form}" if form else path
        yield asked, town.ask(client, asker, asked)


class Search:
    """Looks for what is hidden from somebody."""

    def __init__(self, town: Town, asker: Asker) -> None:
        self._hidden = levels.hidden_from(asker, town.held)
        self._numbers = np.array(sorted(self._hidden.numbers))

    def found(self, path: str, answer: Any) -> list[str | float]:  # noqa: ANN401 -- the client's.
        """Find it in all that an answer says; what was asked for may be said back."""
        own = {"ratelimit", "x-request-id", "etag"}
        lines = [f"{name}: {value}" for name, value in answer.headers.items() if name not in own]
        parts = ("\n".join(lines).encode(), answer.content)
        found = {one for part in parts for one in levels.found_in(part, self._hidden, self._numbers)}
        return sorted((one for one in found if str(one) not in path), key=str)


SAME = ("/v1/collections/neighbourhoods/", "/v1/collections/districts/")
"""Everybody sees the same; in the middle of a quarter, which a table of them tells, things happen too."""

JSON = re.compile(r"json($|;)")
DESCRIBING = re.compile(r"/openapi|/docs|/schema|/queryables|/sortables")
"""Addresses that name properties without telling any."""


@pytest.mark.parametrize("asker", [ANYBODY, PARTNER, PARTNER_THERE, TEAM], ids=lambda one: one.name)
def test_no_answer__tells_anything_of_a_higher_level_or_of_other_areas(
    town: Town, plain: TestClient, asker: Asker
) -> None:
    search, untold = Search(town, asker), levels.untold(asker.level)
    statuses = []
    for path, answer in walk(town, plain, asker):
        assert answer.status_code in {200, 204, 400, 401, 403, 404}, path
        statuses.append(answer.status_code)
        assert search.found(path, answer) == [], path
        if JSON.search(answer.headers.get("content-type", "")) and not DESCRIBING.search(path):
            names = {name for name, _ in levels.members(answer.json())}
            assert names & untold == set(), path
    assert statuses.count(200) > len(statuses) / 2


def test_signs__are_found_in_every_format_where_they_may_be(town: Town, plain: TestClient) -> None:
    search, hotspots = Search(town, PARTNER), "/v1/collections/hotspots"
    forms = ("json", "jsonfg", "html", "csv", "geojsonseq", "gpkg")
    asked = [f"{hotspots}/items?f={form}" for form in forms]
    asked += [f"/v1/rankings/latest?f={form}" for form in ("json", "geojson", "csv", "xlsx")]
    asked += [f"{hotspots}/tiles/{town.tiles[0]}", hotspots, "/v1/weeks", "/v1/collections/incidents/items"]
    for path in asked:
        assert search.found("", town.ask(plain, ANALYST, path)) != [], path


@pytest.mark.parametrize("asker", [ANYBODY, PARTNER], ids=lambda one: one.name)
def test_lower_levels__tell_squares_of_their_grid_and_rounded_numbers(
    town: Town, plain: TestClient, asker: Asker
) -> None:
    own = read_rules().of(asker.level)
    borders = town.ask(plain, ANYBODY, f"/v1/collections/districts/items?crs={PLANE}").json()["features"]
    known = {tuple(xy) for one in borders for xy in corners(one)}
    for name in ("hotspots", "rankings", "cells"):
        path = f"/v1/collections/{name}/items?limit=1000&crs={PLANE}"
        features = town.ask(plain, asker, path).json()["features"]
        assert features
        off = {tuple(xy) for one in features for xy in corners(one)} - known
        assert all(abs(side - own.grid_m * round(side / own.grid_m)) < 1e-3 for xy in off for side in xy)
        counts = {one["properties"].get("observed") for one in features} - {None}
        assert counts <= (set(INCIDENT_BANDS) if asker is PARTNER else set())
        squares = {one["properties"].get("incidents", own.step * 5) for one in features}
        assert all(n % own.step == 0 and n >= own.least_incidents for n in squares)


def corners(feature: dict[str, Any]) -> list[list[float]]:
    found: list[list[float]] = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"])).tolist()
    return found


def test_boxes_within_a_square__find_the_same_wherever_they_are(town: Town, plain: TestClient) -> None:
    rng = np.random.default_rng(5)
    side_m = read_rules().open.grid_m
    first = town.ask(plain, ANYBODY, f"/v1/collections/hotspots/items?crs={PLANE}").json()["features"][0]
    west, south = np.floor(np.min(corners(first), axis=0) / side_m) * side_m
    answers = set()
    for east_m, north_m in rng.uniform(1, side_m - 2, (8, 2)).tolist():
        x, y = west + east_m, south + north_m
        box = f"bbox={x:.3f},{y:.3f},{x + 0.5:.3f},{y + 0.5:.3f}&bbox-crs={PLANE}"
        features = town.ask(plain, ANYBODY, f"/v1/collections/hotspots/items?{box}").json()["features"]
        answers.add(tuple(one["id"] for one in features))
    assert len(answers) == 1


def own_names(town: Town, kind: str, asker: Asker) -> set[str]:
    """Names of the rows of somebody's level that touch own areas."""
    of_level = (one for one in town.held if one.kind == kind and one.level is asker.level)
    return {one.name for one in of_level if one.is_for(asker)}


def foreign(town: Town) -> str:
    """Name a hotspot in which the area team has no part."""
    return min(set(town.names("hotspots", Disclosure.INTERNAL)) - own_names(town, "hotspots", TEAM))


@pytest.mark.parametrize("asker", [PARTNER_THERE, TEAM], ids=lambda one: one.name)
def test_whoever_is_bound_to_areas__gets_all_rows_there_and_no_other(
    town: Town, plain: TestClient, asker: Asker
) -> None:
    for kind in ("hotspots", "rankings", "cells"):
        answer = town.ask(plain, asker, f"/v1/collections/{kind}/items?limit=1000").json()
        own = own_names(town, kind, asker)
        others = set(town.names(kind, asker.level)) - own
        assert own
        assert others
        assert {one["id"] for one in answer["features"]} == own
        assert answer["numberMatched"] == len(own)
        for name in sorted(others)[:3]:
            assert town.ask(plain, asker, f"/v1/collections/{kind}/items/{name}").status_code == 404
    listed = town.ask(plain, asker, "/v1/rankings/latest").json()
    hotspots = {name[:15] for name in own_names(town, "hotspots", asker)}
    assert {one["id"] for one in listed["items"]} <= hotspots
    assert listed["items"]


def test_what_is_hidden__is_refused_as_what_is_not_there(town: Town, plain: TestClient) -> None:
    hidden, nothing = town.names("hotspots", Disclosure.INTERNAL)[0], f"hs-{'0' * 12}-2025-W10"
    for asker, name in ((ANYBODY, hidden), (PARTNER, hidden), (TEAM, foreign(town))):
        for path in ("/v1/collections/hotspots/items/{}", "/v1/hotspots/{}", "/v1/hotspots/{}/notes"):
            answers = [town.ask(plain, asker, path.format(one)) for one in (name, nothing)]
            assert len({one.status_code for one in answers}) == 1
            texts = [
                one.text.replace(of, "").replace(of[:15], "")
                for one, of in zip(answers, (name, nothing), strict=True)
            ]
            assert texts[0] == texts[1]
            assert answers[0].status_code in {401, 403, 404}


def test_properties__that_a_level_does_not_tell_are_as_unknown_as_any_other(
    town: Town, plain: TestClient
) -> None:
    items = "/v1/collections/hotspots/items"
    asked = ("filter={} > 1", "sortby={}", "{}=1", "properties={}", "exclude-properties={}")
    for name in ("expected", "areas", "told_level", "level", "id", "from_version", "geometry_plane"):
        for how in asked:
            answers = [town.ask(plain, PARTNER, f"{items}?{how.format(one)}") for one in (name, "nonsense")]
            assert [one.status_code for one in answers] == [400, 400]
            texts = [one.text.replace(name, "").replace("nonsense", "") for one in answers]
            assert texts[0] == texts[1]


ENDINGS = ("%0A", "%0D", "%00", "/", "%2F", ";", "%20", "%09", "%3F", "%2e", "%E2%80%A8", "%C2%85")
"""What a router and a table of rules may read differently at the end of a path."""


def test_addresses__that_are_written_strangely_open_nothing(town: Town, plain: TestClient) -> None:
    search, name = Search(town, ANYBODY), foreign(town)[:15]
    paths = [f"/v1/hotspots/{name}/notes", f"/v1/hotspots/{name}", "/v1/collections/incidents/items"]
    written = [f"{path}{ending}" for path in paths for ending in ENDINGS]
    written += [path.replace("/v1/", start) for path in paths for start in ("//v1/", "/v1//", "/V1/")]
    note = {"verdict": "confirmed", "text": "by nobody"}
    for path in written:
        for asker in (ANYBODY, PARTNER, TEAM):
            answer = town.ask(plain, asker, path)
            assert answer.status_code in {400, 401, 403, 404}, path
            assert search.found(path, answer) == []
        assert plain.post(path, json=note).status_code in {401, 404, 405}, path


KEPT = (
    "/v1/collections",
    "/v1/collections/hotspots",
    "/v1/collections/hotspots/queryables",
    "/v1/collections/hotspots/items?limit=2",
    "/v1/collections/hotspots/items?f=html",
    "/v1/collections/cells/items?limit=3&f=csv",
    "/v1/tiles/WebMercatorQuad?f=tilejson",
    "/v1/rankings/latest",
    "/v1/rankings/latest?f=csv",
    "/v1/rankings/latest/overview",
    "/v1/rankings/latest/surface",
    "/v1/rankings/latest/areas",
    "/v1/rankings/latest/hotcrimes",
    "/v1/me",
    "/v1/map",
    "/v1/weeks",
    f"/v1/neighbourhoods/{levels.AREA}/summary",
    "/v1/collections/incidents/items",
    "/v1/collections/neighbourhoods/items?limit=1",
)


def test_answers_that_are_kept__are_each_callers_own_in_any_order(town: Town, plain: TestClient) -> None:
    keeping = town.client(kept_mib=8)
    paths = [*KEPT, f"/v1/collections/hotspots/tiles/{town.tiles[0]}"]
    own = {(path, one.name): town.ask(plain, one, path) for path in paths for one in ASKERS}
    order = [ANYBODY, ANALYST, ANYBODY, TEAM, ANYBODY, PARTNER, ANALYST, ANYBODY, PARTNER_THERE]
    for number, path in enumerate(paths):
        for asker in order[number % 3 :]:
            answer, expected = town.ask(keeping, asker, path), own[path, asker.name]
            assert (answer.status_code, answer.content) == (expected.status_code, expected.content), path
            head = keeping.head(path)
            assert head.headers.get("etag") == own[path, ANYBODY.name].headers.get("etag"), path
    assert keeping.app.front.shelf.n_bytes > 0  # type: ignore[attr-defined]  # The client knows only of ASGI.


def test_a_tag__that_another_level_gave_is_no_tag_of_ones_own(town: Town, plain: TestClient) -> None:
    for path in (*KEPT, f"/v1/collections/hotspots/tiles/{town.tiles[0]}"):
        answers = {one: town.ask(plain, one, path) for one in (ANYBODY, TEAM, ANALYST)}
        for one, answer in answers.items():
            others = [other for other in answers.values() if other.content != answer.content]
            tags = ", ".join(other.headers.get("etag", '"none"') for other in others)
            again = town.ask(plain, one, path, If_None_Match=tags)
            assert again.status_code == answer.status_code, (path, one.name)


def test_earlier_versions__tell_no_more(town: Town, plain: TestClient) -> None:
    search = Search(town, PARTNER)
    newest = town.ask(plain, ANYBODY, "/v1/collections/hotspots/items").headers["data-version"]
    for version in range(int(newest) + 1):
        for kind in ("hotspots", "cells"):
            path = f"/v1/collections/{kind}/items?limit=1000&version={version}"
            answer = town.ask(plain, PARTNER, path)
            assert answer.status_code == 200
            assert search.found(path, answer) == []


def test_each_answer__is_what_the_description_says_at_every_level(town: Town, plain: TestClient) -> None:
    document = plain.get("/v1/openapi-3.1.json").json()
    older = plain.get("/v1/openapi.json").json()
    n_checked = 0
    for path, form in addresses(town, older):
        # What collections tell is required of no level.
        if form not in {"", "json"} or "/collections/" in path or "/tiles" in path:
            continue
        schema = _schema(document, path)
        if schema is None:
            continue
        check = jsonschema.Draft202012Validator(
            schema | {"components": document["components"]},
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )
        for asker in ASKERS:
            answer = town.ask(plain, asker, path, accept="application/json, application/geo+json;q=0.9")
            if answer.status_code == 200 and "json" in answer.headers["content-type"]:
                mistakes = [
                    f"{list(one.path)}: {one.message[:200]}" for one in check.iter_errors(answer.json())
                ]
                assert mistakes == [], (path, asker.name)
                n_checked += 1
    assert n_checked > 50, n_checked


def _schema(document: dict[str, Any], path: str) -> dict[str, Any] | None:
    """Find what the description says of the JSON at an address."""
    for template, item in document["paths"].items():
        server = item.get("servers", document["servers"])[0]["url"].rstrip("/")
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(f"{server}{template}".rstrip("/") or "/"))
        if re.fullmatch(pattern, path):
            content = item["get"]["responses"]["200"].get("content", {})
            named = (
                content.get(name, {}).get("schema") for name in ("application/json", "application/geo+json")
            )
            return next((schema for schema in named if schema), None)
    return None
