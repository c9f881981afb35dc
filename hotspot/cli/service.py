"""`hotspot serve`: the API and the map page."""

from __future__ import annotations

from typing import Annotated, Any

import typer
import uvicorn
from rich.console import Console

from hotspot.cli.opening import opened
from hotspot.cli.options import Store
from hotspot.errors import InvalidParameter
from hotspot.machine import names_this_machine
from hotspot.settings import Access, ServiceSettings, StoreSettings, export_store_url


def serve(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 shows the service to the whole network.")
    ] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that answer; one for each processor that is free.")
    ] = 1,
    store: Store = None,
) -> None:
    """
    Serve the API and the map page until it is stopped (Ctrl+C).

    Examples: `hotspot serve --port 8000`; `HOTSPOT_STORE_URL=postgresql://hotspot@db/hotspot hotspot serve`
    """
    store_url = store if store is not None else StoreSettings().store_url
    run(host=host, port=port, store_url=store_url, workers=workers)


def run(*, host: str, port: int, store_url: str, workers: int = 1) -> None:
    """
    Check the store, then serve.

    Parameters
    ----------
    host, port
        Where to listen.
    store_url
        Address of the database.
    workers
        Processes that answer.

    Raises
    ------
    InvalidParameter
        If others could reach the service and nobody has said who may see what.
    """
    if ServiceSettings().access is Access.LOCAL and not names_this_machine(host):
        raise InvalidParameter(
            f"on {host} others can reach the service, and nobody has said who may see what: set "
            "HOTSPOT_API_ACCESS=controlled (everybody sees what is open; `hotspot key create` makes keys for "
            "more), or listen on 127.0.0.1; see docs/access.md"
        )
    with opened(store_url):
        pass
    export_store_url(store_url)
    Console(stderr=True).print(f"Map: http://{host}:{port}/    API: http://{host}:{port}/v1")
    # Named as a text: the library never imports the service.
    uvicorn.run(
        "api.app:from_environment", factory=True, host=host, port=port, workers=workers, **_server_options()
    )


def _server_options() -> dict[str, Any]:  # Any: as uvicorn has them.
    """Tell the server how to serve: the fast loop and parser, and an end that lets requests finish."""
    return {
        "loop": "uvloop",
        # Named as a text, as above: it sends kept answers at once, and is `httptools` for all others.
        "http": "api.front.protocol:Protocol",
        "log_level": "warning",
        # The journal of the service notes each request once.
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": int(ServiceSettings().time_to_stop.total_seconds()),
    }
