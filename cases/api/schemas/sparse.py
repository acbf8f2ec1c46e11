"""Schemas of documents with less in them, as `fields` and `omit` return them.

Each object gets a second component by its name with `Sparse` before it, in which only the id or
code is required. An answer is one of both, the whole one first, so that clients that are generated
from the schema accept either, and say which it is.
"""

from typing import Any

from cases.api.request.sparse_fields import IDENTITY, NAMES

Json = dict[str, Any]

REF = "#/components/schemas/"
JSON = "application/json"


def describe(schema: Json) -> None:
    """Adds them to each operation that takes `fields` and `omit`."""
    schemas = schema["components"]["schemas"]
    for item in schema["paths"].values():
        operation = item["get"]
        if not {parameter["name"] for parameter in operation["parameters"]} >= NAMES:
            continue
        content = operation["responses"]["200"]["content"][JSON]
        whole = content["schema"]
        name = whole["$ref"].removeprefix(REF)
        listed = schemas[name]["properties"].get("results")
        if listed:
            # What is around the documents of a list is always there.
            row = listed["items"]["$ref"].removeprefix(REF)
            results = listed | {"items": _sparse(schemas, row, IDENTITY)}
            properties = schemas[name]["properties"] | {"results": results}
            schemas[f"Sparse{name}"] = schemas[name] | {"properties": properties}
            sparse = {"$ref": f"{REF}Sparse{name}"}
        else:
            sparse = _sparse(schemas, name, IDENTITY)
        content["schema"] = {"anyOf": [whole, sparse]}
    schema["components"]["schemas"] = dict(sorted(schemas.items()))


def _sparse(schemas: Json, name: str, kept: set[str]) -> Json:
    """A reference to the sparse form of a component; what is no object has none."""
    whole = schemas[name]
    if "properties" not in whole:
        return {"$ref": REF + name}
    sparse = f"Sparse{name}"
    if sparse not in schemas:
        schemas[sparse] = {}
        made = {key: _rewritten(schemas, part) for key, part in whole.items() if key != "required"}
        if required := sorted(kept & whole["properties"].keys()):
            made["required"] = required
        schemas[sparse] = made
    return {"$ref": f"{REF}{sparse}"}


def _rewritten(schemas: Json, part: Any) -> Any:
    if isinstance(part, list):
        return [_rewritten(schemas, item) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return part | _sparse(schemas, part["$ref"].removeprefix(REF), set())
    return {key: _rewritten(schemas, value) for key, value in part.items()}
