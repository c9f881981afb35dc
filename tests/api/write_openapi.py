"""Write the committed descriptions of the interface: `python -m tests.api.write_openapi`."""

from __future__ import annotations

import json
from pathlib import Path

import api
from api import openapi
from api.app import create_app
from api.settings import ApiSettings


def main() -> None:
    """Write both versions."""
    older = create_app(ApiSettings(store_url="sqlite:///none.db")).openapi()
    for name, document in {"openapi.json": older, "openapi-3.1.json": openapi.newer(older)}.items():
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        (Path(api.__file__).parent / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
