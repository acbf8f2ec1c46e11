"""Holding answers against the schema, more strictly than a client may: nothing is there that the
schema does not name."""

import copy
import re
from urllib.parse import parse_qs

from jsonschema import Draft202012Validator, FormatChecker


def strict(schema):
    """The schema with every object closed."""
    schema = copy.deepcopy(schema)
    for part in schema["components"]["schemas"].values():
        if "properties" in part:
            part["additionalProperties"] = False
    return schema


def mistakes(schema, part, value):
    """What is wrong with a value, after a part of the schema."""
    validator = Draft202012Validator(
        part | {"components": schema["components"]}, format_checker=FormatChecker()
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def resolved(schema, part):
    while "$ref" in part:
        place = schema
        for name in part["$ref"].removeprefix("#/").split("/"):
            place = place[name]
        part = place
    return part


def operation(schema, path):
    """What the schema says of an address. A path that is spelt out wins over a template."""
    spelt = sorted(schema["paths"], key=lambda template: "{" in template)
    for template in spelt:
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            return schema["paths"][template]["get"]
    raise AssertionError(f"the schema knows no {path}")


def keeps_to(schema, response):
    """An answer has a status, headers, a type and a body that the schema names."""
    path = response.request["PATH_INFO"]
    answers = operation(schema, path)["responses"]
    assert str(response.status_code) in answers, f"{response.status_code} of {path}"
    answer = resolved(schema, answers[str(response.status_code)])
    for name, header in answer.get("headers", {}).items():
        assert name in response or not resolved(schema, header)["required"], f"{name} of {path}"
    if "content" not in answer:
        assert response.content == b""
        return
    media_type = response["Content-Type"].partition(";")[0]
    part = answer["content"][media_type]["schema"]
    query = parse_qs(response.request["QUERY_STRING"])
    if "anyOf" in part:
        # The whole document comes first, and the one with less in it second.
        part = part["anyOf"]["fields" in query or "omit" in query]
    assert mistakes(strict(schema), part, response.json()) == []
