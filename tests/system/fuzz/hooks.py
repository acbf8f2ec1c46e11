"""What OpenAPI cannot say, said to the fuzzer: it narrows what is sent to what must be accepted.

Everything left out here has tests of its own.
"""

import re

import schemathesis


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for item in raw_schema["paths"].values():
        operation = item["get"]
        # A cursor is opaque: only one that the list itself gave out is accepted.
        operation["parameters"] = [p for p in operation["parameters"] if p["name"] != "cursor"]
        for parameter in operation["parameters"]:
            parameter["schema"] = narrowed(parameter["name"], parameter["schema"])


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Parameters that fit each by itself and not together: one of them is left out."""
    if case.meta is None or case.meta.generation.mode.is_negative or not case.query:
        return
    query, form = case.query, case.query.get("format", "json")
    if form != "csv":
        for name in ("bom", "delimiter"):
            query.pop(name, None)
    if form in ("json", "ndjson"):
        query.pop("provenance", None)
    if form != "json":
        for name in ("page_size", "count"):
            query.pop(name, None)
    if form == "geojson" and "by" in query:
        query["by"] = ["country"]
    if "q" in query and not re.fullmatch("[a-zа-я]{3,9}( [a-zа-я]{3,9})?", query["q"]):
        # Something must be left when the words are folded, and there may not be too many.
        query["q"] = "вагнер"
    if query.get("ordering") == "relevance" and "q" not in query:
        del query["ordering"]


def narrowed(name, schema):
    if name in ("since", "changed_since"):
        # A time in the future is refused.
        return schema["anyOf"][0]
    if name == "as_of":
        # A day or time before the first publication, or in the future, is refused.
        return schema["anyOf"][0]
    if name == "by":
        # Two fields that are crossed must differ.
        items = schema["items"]
        return schema | {"items": items | {"pattern": items["pattern"].replace("?$", "{0}$")}}
    if name.endswith("_after"):
        # Both ends hold for one date, so the first may not lie after the last; and 29 February is
        # no day in most years.
        return {"type": "string", "pattern": "^19[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]))?)?$"}
    if name.endswith("_before"):
        return {"type": "string", "pattern": "^20[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]))?)?$"}
    if name.endswith("_min"):
        return schema | {"maximum": 60}
    if name.endswith("_max"):
        return schema | {"minimum": 60}
    return schema
