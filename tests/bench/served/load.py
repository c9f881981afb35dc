"""Load: `wrk` where it is installed, else a client of our own; the same for both services."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httptools

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_SCRIPT = """
local paths = {{}}
for line in io.lines("{file}") do paths[#paths + 1] = line end
local next = 0
wrk.headers = {{ {headers} }}
request = function()
  next = next + 1
  return wrk.format("GET", paths[(next - 1) % #paths + 1])
end
"""
_UNIT_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """What a load got."""

    per_s: float
    p99_ms: float
    failed: int


def load(
    base: str,
    paths: Sequence[str],
    *,
    folder: Path,
    seconds: int = 2,
    connections: int = 8,
    headers: Mapping[str, str] | None = None,
) -> Rate:
    """Ask one address after the other, as fast as the answers come."""
    if shutil.which("wrk") is None:
        return asyncio.run(_own(base, paths, seconds, connections, headers or {}))
    listed, script = folder / "paths.txt", folder / "paths.lua"
    listed.write_text("\n".join(paths))
    told = ", ".join(f"[{name!r}] = {value!r}" for name, value in (headers or {}).items())
    script.write_text(_SCRIPT.format(file=listed, headers=told))
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "--timeout",
        "30s",
        "-s",
        str(script),
        base,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", done)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    broken = re.search(r"Socket errors: (.*)", done)
    assert rate is not None, done
    assert broken is None, done
    p99_ms = 0.0 if p99 is None else float(p99[1]) * _UNIT_S[p99[2]] * 1000
    return Rate(float(rate[1]), p99_ms, 0 if failed is None else int(failed[1]))


class _Reader:
    """Waits for the end of an answer."""

    def __init__(self) -> None:
        self.ended = False

    def on_message_complete(self) -> None:
        self.ended = True


async def _own(
    base: str, paths: Sequence[str], seconds: int, connections: int, headers: Mapping[str, str]
) -> Rate:
    split = urlsplit(base)
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    times: list[float] = []
    failed = 0
    turn = iter(range(10**9))
    end = time.perf_counter() + seconds

    async def ask() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection(split.hostname, split.port)
        while time.perf_counter() < end:
            path = paths[next(turn) % len(paths)]
            began = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {split.netloc}\r\n{told}\r\n".encode())
            waiting = _Reader()
            parser = httptools.HttpResponseParser(waiting)
            while not waiting.ended:
                parser.feed_data(await reader.read(1 << 18))
            times.append(time.perf_counter() - began)
            failed += parser.get_status_code() >= 400
        writer.close()

    await asyncio.gather(*(ask() for _ in range(connections)))
    times.sort()
    return Rate(len(times) / seconds, times[int(len(times) * 0.99)] * 1000, failed)
