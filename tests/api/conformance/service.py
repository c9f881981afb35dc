"""A service on trial, spoken to over a plain socket: every request and answer is kept as evidence."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_S = 30.0
"""How long one answer may take before it counts as none."""


class Violation(AssertionError):
    """A requirement is not kept."""


class NothingToTest(Exception):
    """The service declares the class but has nothing that the requirement could be tried on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    method: str
    target: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Values of a header, joined as RFC 9110 allows; empty where there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def media_type(self) -> str:
        """Type and subtype in lower case, without parameters."""
        return self.header("Content-Type").split(";")[0].strip().lower()

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        """The body as JSON."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Violation(f"{self} is no JSON: {self.body[:80]!r}") from error

    def __str__(self) -> str:
        return f"{self.method} {self.target} -> {self.status} {self.header('Content-Type')}"


@dataclass(slots=True)
class Service:
    """
    Where the service is, what was asked and what it answered.

    Parameters
    ----------
    base
        Address of the landing page without a slash at its end.
    """

    base: str
    log: list[Answer] = field(default_factory=list)
    _kept: dict[tuple[str, str, tuple[tuple[str, str], ...]], Answer] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def target(self, address: str, params: Mapping[str, object] | None = None) -> str:
        """Path and query of an address of the service: absolute, or below its landing page."""
        root = urlsplit(self.base)
        if "://" in address:
            parts = urlsplit(address)
            require(parts.netloc == root.netloc, f"the link {address} leads away from {root.netloc}")
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        elif address.startswith(root.path + "/") or address == root.path:
            path = address
        else:
            path = root.path + address
        if params:
            query = urlencode({name: str(value) for name, value in params.items()}, safe=",:/")
            path += ("&" if "?" in path else "?") + query
        return path

    def ask(
        self,
        address: str,
        params: Mapping[str, object] | None = None,
        *,
        method: str = "GET",
        fresh: bool = False,
        headers: Mapping[str, str] | None = None,
        **named: str,
    ) -> Answer:
        """Ask once; the answer to a request that was asked before is taken from the file unless `fresh`."""
        target = self.target(address, params)
        sent = {name.replace("_", "-"): value for name, value in {**(headers or {}), **named}.items()}
        key = (method, target, tuple(sorted(sent.items())))
        if not fresh and key in self._kept:
            return self._kept[key]
        answer = self._send(method, target, sent)
        self.log.append(answer)
        self._kept[key] = answer
        return answer

    def ok(self, address: str, params: Mapping[str, object] | None = None, **headers: str) -> Answer:
        """Ask for something that has to be there."""
        answer = self.ask(address, params, headers=headers)
        require(answer.status == http.client.OK, f"{answer}, required 200: {answer.body[:200]!r}")
        return answer

    def refused(
        self, address: str, params: Mapping[str, object] | None = None, *, status: int = 400, **headers: str
    ) -> Answer:
        """Ask for something that has to be refused."""
        answer = self.ask(address, params, headers=headers)
        require(answer.status == status, f"{answer}, required {status}")
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, target: str, headers: dict[str, str]) -> Answer:
        """Send over the connection that is open; a service may have closed it meanwhile."""
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=TIMEOUT_S)
            try:
                self._connection.request(method, target, headers=headers)
                got = self._connection.getresponse()
                body = got.read()
            except (http.client.HTTPException, ConnectionError) as error:
                self.close()
                if attempt == 2:
                    raise Violation(f"{method} {target} got no answer: {error}") from error
                continue
            return Answer(method, target, got.status, tuple(got.getheaders()), body)
        raise AssertionError


def require(condition: object, message: str) -> None:
    """Hold the service to it."""
    if not condition:
        raise Violation(message)
