"""`hotspot serve`: the API and the map page."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from hotspot.cli.opening import opened
from hotspot.cli.options import Store
from hotspot.settings import StoreSettings, export_store_url


def serve(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 shows the service to the whole network.")
    ] = "127.0.0.1",
    store: Store = None,
) -> None:
    """
    Serve the API and the map page until it is stopped (Ctrl+C).

    Examples: `hotspot serve --port 8000`; `HOTSPOT_STORE_URL=postgresql://hotspot@db/hotspot hotspot serve`
    """
    run(host=host, port=port, store_url=store if store is not None else StoreSettings().store_url)


def run(*, host: str, port: int, store_url: str) -> None:
    """
    Check the store, then serve.

    Parameters
    ----------
    host, port
        Where to listen.
    store_url
        Address of the database.
    """
    with opened(store_url):
        pass
    export_store_url(store_url)
    Console(stderr=True).print(f"Map: http://{host}:{port}/    API: http://{host}:{port}/v1")
    # Named as a text: the library never imports the service.
    uvicorn.run("api.app:from_environment", factory=True, host=host, port=port, log_level="warning")
