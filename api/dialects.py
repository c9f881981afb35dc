"""The two dialects in which an interface is described: OpenAPI 3.0, and 3.1 with JSON Schema as it is."""

from __future__ import annotations

from typing import Any

OLDER = "3.0.3"
"""What the OGC's test suite, GDAL and the Dutch rules read."""

NEWER = "3.1.0"
"""What newer tools read."""

_Json = dict[str, Any]  # Any: a JSON document.


def as_3_0(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """
    Say in the words of OpenAPI 3.0 what pydantic says in those of JSON Schema 2020-12.

    Parameters
    ----------
    node
        Any part of a JSON document.

    Returns
    -------
    object
        The same with `nullable` for a type null, a list of one for a constant, and one kind of item for a
        tuple.
    """
    if isinstance(node, list):
        return [as_3_0(child) for child in node]
    if not isinstance(node, dict):
        return node
    said = {key: as_3_0(child) for key, child in node.items()}
    choices = said.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        del said["anyOf"]
        if len(rest) > 1:
            said["anyOf"] = rest
        else:
            said |= {"allOf": rest} if "$ref" in rest[0] else rest[0]
        said["nullable"] = True
        if "enum" in said and None not in said["enum"]:
            # In 3.0 null has to stand in the list as well.
            said["enum"] = [*said["enum"], None]
    if "const" in said and "type" in said:
        said["enum"] = [said.pop("const")]
    if isinstance(said.get("prefixItems"), list):
        said["items"] = said.pop("prefixItems")[0]
    if isinstance(said.get("examples"), list) and "type" in said:
        said["example"] = said.pop("examples")[0]
    return said


def as_3_1(document: _Json) -> _Json:
    """
    Say in the words of OpenAPI 3.1 what a document of 3.0 says.

    Parameters
    ----------
    document
        A whole document of version 3.0, made by `as_3_0`.

    Returns
    -------
    dict
        The same document of version 3.1.
    """
    newer = _newer(document)
    return {**newer, "openapi": NEWER, "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base"}


def _newer(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Give null its type back."""
    if isinstance(node, list):
        return [_newer(child) for child in node]
    if not isinstance(node, dict):
        return node
    said = {key: _newer(child) for key, child in node.items()}
    if said.pop("nullable", False) is True:
        if "type" in said:
            said["type"] = [said["type"], "null"]
            if "enum" in said and None not in said["enum"]:
                said["enum"] = [*said["enum"], None]
        else:
            inside = {key: said.pop(key) for key in ("allOf", "anyOf", "oneOf", "$ref") if key in said}
            said["anyOf"] = [inside, {"type": "null"}]
    return said
