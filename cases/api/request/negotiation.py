"""Which format a request wants: `format` wins over `Accept`."""

from collections.abc import Sequence
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from cases.api.request.parameters import Parameters
from cases.exporting import formats
from cases.exporting.columns import Table

JSON, YAML, HTML = "json", "yaml", "html"
MEDIA_TYPES = {JSON: "application/json", YAML: "application/yaml", HTML: "text/html"} | {
    form.name: form.media_type for form in formats.FORMATS.values()
}
# What most clients send, answered without reading it closely.
PLAIN = {"", "*/*", MEDIA_TYPES[JSON]}


class NotAcceptableError(APIException):
    """406: nothing here is of a type that the client accepts."""

    status_code = status.HTTP_406_NOT_ACCEPTABLE
    default_code = "not_acceptable"

    def __init__(self, accept: str, allowed: Sequence[str]) -> None:
        self.available = [{"format": name, "media_type": MEDIA_TYPES[name]} for name in allowed]
        super().__init__(f"Nothing here is of a type that “{accept}” accepts.")


class AlwaysJSON(BaseContentNegotiation):
    """What the REST framework renders itself is JSON, errors among it; all else is bytes."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def of_table(table: Table) -> list[str]:
    """The formats of the list of what a table holds."""
    return [JSON, *(form.name for form in formats.offered(table))]


def chosen(request: Request, parameters: Parameters, allowed: Sequence[str]) -> str:
    """One of the allowed formats; JSON where `format` is wrong, which is noted."""
    if "format" in parameters:
        return parameters.choice("format", allowed) or JSON
    accept = request.META.get("HTTP_ACCEPT", "").strip()
    if accept in PLAIN:
        return JSON
    by_type = {MEDIA_TYPES[name]: name for name in allowed}
    # Clients may name the character set, and all text here is in UTF-8.
    by_type |= {f"{kind}; charset=utf-8": name for kind, name in by_type.items()}
    preferred = request._request.get_preferred_type(list(by_type))
    if preferred is None:
        raise NotAcceptableError(accept, allowed)
    return by_type[preferred]
