"""A service that is told to stop finishes what it has begun, and takes no more."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import asyncio, sys
import uvicorn
from api.front.door import Front
from api.settings import ApiSettings
from hotspot.cli.service import _server_options

async def slow(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    for _ in range(4):
        await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"part ", "more_body": True})
    await send({"type": "http.response.body", "body": b"end", "more_body": False})

settings = ApiSettings()
uvicorn.run(Front(slow, settings), host="127.0.0.1", port=int(sys.argv[1]), **_server_options())
"""


def test_stopping__finishes_what_was_begun() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(port)], cwd=root)
    try:
        for _ in range(200):
            try:
                asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                asking.request("GET", "/v1/slow")
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        answer = asking.getresponse()
        process.send_signal(signal.SIGTERM)
        assert answer.read() == b"part part part part end"
        process.wait(10)
        with pytest.raises(ConnectionRefusedError):
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/")
    finally:
        asking.close()
        process.kill()
        process.wait()
