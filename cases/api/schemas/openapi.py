"""The OpenAPI schema, out of what the views say of themselves: `describe` their parameters, the
shape of their `answer`, and the `statuses` they can end with."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.db.models import TextChoices
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import (
    ComponentRegistry,
    ResolvedComponent,
    append_meta,
    force_instance,
)
from rest_framework import serializers

from cases import vocabulary
from cases.api.request import negotiation, parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.request.snapshots import Snapshot
from cases.api.schemas import media, sparse
from cases.api.schemas.problems import (
    FormatsProblem,
    ParametersProblem,
    Problem,
    QuotaProblem,
)
from cases.publishing.serializers.documents import DOCUMENTS
from cases.publishing.serializers.fields import API

Json = dict[str, Any]

PROBLEM = "application/problem+json"

# Codes of a closed vocabulary → the vocabulary, whose name is that of its component.
VOCABULARIES = {
    tuple(value.values): value
    for value in vars(vocabulary).values()
    if isinstance(value, type) and issubclass(value, TextChoices) and value is not TextChoices
}

MEANINGS = {
    words.__name__: "\n".join(f"* `{code}` - {label}" for code, label in words.choices)
    for words in VOCABULARIES.values()
}

# Shapes that documents are built on and embedded by; "Case" is the whole document.
EMBEDDED = {base for document in DOCUMENTS.values() for base in document.__bases__}

# Status → name of the response, what it means, its headers.
RESPONSES: dict[HTTPStatus, tuple[str, str, list[str]]] = {
    HTTPStatus.PERMANENT_REDIRECT: ("Merged", "The record was merged into another.", ["Location"]),
    HTTPStatus.NOT_MODIFIED: (
        "NotModified",
        "To If-None-Match or If-Modified-Since: the client has this very answer.",
        ["ETag", "Dataset-Publication", "Cache-Control"],
    ),
    HTTPStatus.BAD_REQUEST: ("BadRequest", "Parameters that cannot be used, all of them.", []),
    HTTPStatus.UNAUTHORIZED: (
        "BadKey",
        "The key is not known, has ended or was revoked. Without one all can be read too.",
        ["WWW-Authenticate"],
    ),
    HTTPStatus.NOT_FOUND: ("NotFound", "No such record was published by then.", []),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "MethodNotAllowed",
        "To anything but GET, HEAD and OPTIONS.",
        ["Allow"],
    ),
    HTTPStatus.NOT_ACCEPTABLE: ("NotAcceptable", "To an Accept header with other formats.", []),
    HTTPStatus.GONE: ("Withdrawn", "The record was withdrawn; `detail` says why.", []),
    HTTPStatus(414): ("AddressTooLong", "The address has more than 8,000 bytes.", []),
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: (
        "RangeNotSatisfiable",
        "To a `Range` without a byte of the file.",
        ["Content-Range"],
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "QuotaExceeded",
        "The quota is used up, in the windows that `violated` names; or, with the code "
        "`too_many_at_once`, as many requests of the client are being computed as may be.",
        ["Retry-After"],
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Unavailable",
        "Not now: the answer took too long, other files or costly answers come first, or the "
        "database is down; `code` says which.",
        ["Retry-After"],
    ),
}
# What says more than every problem does.
PROBLEMS = {
    HTTPStatus.BAD_REQUEST: ParametersProblem,
    HTTPStatus.NOT_ACCEPTABLE: FormatsProblem,
    HTTPStatus.TOO_MANY_REQUESTS: QuotaProblem,
}
WITHOUT_BODY = {HTTPStatus.PERMANENT_REDIRECT, HTTPStatus.NOT_MODIFIED}
EVERYWHERE = (
    HTTPStatus.NOT_MODIFIED,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus(414),
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)

# Name → what it says, whether every answer has it.
HEADERS: dict[str, tuple[str, bool]] = {
    "ETag": ("Strong validator of the answer; send it back as If-None-Match.", True),
    "Last-Modified": ("Time of the publication that is read; none before the first.", False),
    "Cache-Control": ("How long the answer may be kept.", True),
    "Dataset-Publication": ("Number of the publication that the answer is read from.", True),
    # A response 206 would make the types of all generated clients wider, for a header that they do
    # not send.
    "Accept-Ranges": (
        "`bytes` for a file: one `Range` is answered with 206 and that part. Send the ETag as "
        "`If-Range`, and the whole file comes if it is no longer the same.",
        False,
    ),
    "Content-Range": ("Which bytes of how many, as in `bytes 0-99/1234`.", True),
    "Repr-Digest": ("SHA-256 of the answer as it is sent, compressed or not (RFC 9530).", True),
    "Unencoded-Digest": ("SHA-256 of the answer without compression.", True),
    "Link": (
        "The pages before and behind (RFC 8288), as in `previous` and `next`; `latest-version` of "
        "an answer from a past state.",
        False,
    ),
    "Superseded": (
        "Of a record in a past state: the last operation since, `correct`, `withdraw`, `merge` or "
        "`redact`, with its publication, as in `withdraw;publication=5`.",
        False,
    ),
    "Location": ("Where the record is now.", True),
    "Allow": ("The methods there are.", True),
    "Retry-After": ("Seconds after which to try again.", True),
    "WWW-Authenticate": ("How a key is sent: `Api-Key`.", True),
    "RateLimit-Policy": (
        "The quotas (draft-ietf-httpapi-ratelimit-headers): for each window its name and `q` units "
        "in `w` seconds. An answer out of memory costs one unit, any other one unit for each 25 ms "
        "of work.",
        False,
    ),
    "RateLimit": (
        "What is left of them after this answer: for each window its name, `r` units in the next "
        "`t` seconds. Work beyond a quota makes the window last longer. Out of a cache (`Age`) it "
        "may be that of another client.",
        False,
    ),
}
ALWAYS = ["RateLimit-Policy", "RateLimit"]
# An answer that no publication validates has fewer.
UNDATED = ["Cache-Control", "Repr-Digest", "Unencoded-Digest"]
KEY = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "Raises the quotas: `Authorization: Api-Key …`. Nothing needs it.",
}
ON_SUCCESS = ["ETag", "Last-Modified", "Dataset-Publication", *UNDATED]


class Schema(AutoSchema):
    """The operation of one view."""

    @property
    def about(self) -> Any:
        """The view, a `SnapshotView`."""
        return self.view

    def get_operation(
        self,
        path: str,
        path_regex: str,
        path_prefix: str,
        method: str,
        registry: ComponentRegistry,
    ) -> Json:
        self.registry, self.path, self.method = registry, path, method
        words = [word for word in path.removeprefix(API).split("/") if word and "{" not in word]
        return {
            "operationId": self._operation_id(words),
            "summary": self.about.get_view_name(),
            "description": self.get_description(),
            "tags": words[:1] or ["dataset"],
            "parameters": [*self._path_parameters(), *self._query_parameters()],
            "responses": {
                "200": self._success(),
                **{str(int(status)): self._shared(status) for status in self._statuses()},
            },
        }

    def get_serializer_name(self, serializer: serializers.Serializer, direction: Any) -> str:
        shape = type(serializer)
        name = shape.__name__.removesuffix("Document").removesuffix("Shape")
        return f"Embedded{name}" if shape in EMBEDDED else name

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Json:
        """Shapes only go out: what a model field asks of input says nothing about them."""
        serializer = force_instance(serializer)
        for field in serializer.fields.values():
            if isinstance(serializer, serializers.ModelSerializer) or field.read_only:
                field.required = True
            field.read_only, field.allow_blank = False, False
            field.default, field.label = serializers.empty, None
        return super()._map_basic_serializer(serializer, direction)

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Json:
        if not isinstance(field, serializers.ChoiceField):
            return super()._map_serializer_field(field, direction, bypass_extensions)
        codes = tuple(field.choices)
        ref = self._component(VOCABULARIES[codes].__name__, parameter_docs.enum(codes))
        return append_meta(ref, self._get_serializer_field_meta(field, direction))

    def _operation_id(self, words: list[str]) -> str:
        """`list_cases`, `get_case`, `list_case_versions`."""
        verb = "list" if "results" in self.about.answer().fields else "get"
        if "{" in self.path:
            words = [self.about.record.value, *words[1:]]
        return "_".join([verb, *(words or ["dataset"])])

    def _path_parameters(self) -> Iterator[Json]:
        if "{" in self.path:
            yield {
                "name": "public_id",
                "in": "path",
                "required": True,
                "description": f"Id or code of the {self.about.record.label}.",
                "schema": {"type": "string", "minLength": 1},
                "example": self.about.example,
            }

    def _query_parameters(self) -> Iterator[Json]:
        for name, about in self.about.describe().items():
            yield {
                "name": name,
                "in": "query",
                "description": _explained(about),
                "required": about.get("required", False),
                "schema": self._with_components(about["schema"]),
            }

    def _with_components(self, schema: Json) -> Json:
        items = dict(schema.get("items", {}))
        title = items.pop("title", None)
        if title is None:
            return schema
        # What one parameter does not take of what the component lists.
        less = {"not": items.pop("not")} if "not" in items else {}
        return schema | {"items": self._component(title, items) | less}

    def _component(self, name: str, schema: Json) -> Json:
        """A reference to a component, made if it is not there yet."""
        if meaning := MEANINGS.get(name):
            schema = schema | {"description": meaning}
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, name)
        self.registry.register_on_missing(component)
        return component.ref

    def _statuses(self) -> list[HTTPStatus]:
        unchanged = set() if self.about.dated else {HTTPStatus.NOT_MODIFIED}
        return sorted({*EVERYWHERE, *self.about.statuses} - unchanged)

    def _success(self) -> Json:
        fields = self.about.answer().fields
        # An answer without a shape of its own is any object.
        schema = {"type": "object"}
        if fields:
            schema = self.resolve_serializer(self.about.answer, "response").ref
        names = [*(ON_SUCCESS if self.about.dated else UNDATED), *ALWAYS]
        if "next" in fields:
            names.append("Link")
        if HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE in self.about.statuses:
            names.append("Accept-Ranges")
        if HTTPStatus.GONE in self.about.statuses:
            names += ["Link", "Superseded"]
        schemas = media.SCHEMAS | {negotiation.JSON: schema}
        return {
            "description": "What is asked for.",
            "headers": {name: _header(name) for name in names},
            "content": {
                negotiation.MEDIA_TYPES[form]: {"schema": schemas[form]}
                for form in self.about.describe()["format"]["allowed"]
            },
        }

    def _shared(self, status: HTTPStatus) -> Json:
        for shape in (Problem, *PROBLEMS.values()):
            self.resolve_serializer(shape, "response")
        return {"$ref": f"#/components/responses/{RESPONSES[status][0]}"}


class Generator(SchemaGenerator):
    """The schema. state: lists the codes and publications that can be asked for at it; of an empty
    one, what grows with the dataset is left open."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        view = super().create_view(callback, method, request)
        view.snapshot = self.snapshot
        return view

    def get_schema(self, request: Any = None, public: bool = True) -> Json:
        schema: Json = super().get_schema(request, public)
        # Either none or a key.
        schema["security"] = [{}, {"ApiKey": []}]
        schema["components"]["schemas"] |= media.COMPONENTS
        sparse.describe(schema)
        schema["components"] |= {
            "securitySchemes": {"ApiKey": KEY},
            "responses": {name: _response(status) for status, (name, *_) in RESPONSES.items()},
            "headers": {
                name: {"description": text, "required": always, "schema": {"type": "string"}}
                for name, (text, always) in HEADERS.items()
            },
        }
        return schema


def _explained(about: Described) -> str:
    """The description, and how to give several values."""
    if about["schema"].get("type") != "array":
        return str(about["description"])
    return f"{about['description']} Repeat it, or divide values by commas."


def _header(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}


def _response(status: HTTPStatus) -> Json:
    _, description, headers = RESPONSES[status]
    response: Json = {
        "description": description,
        "headers": {name: _header(name) for name in (*headers, *ALWAYS)},
    }
    if status not in WITHOUT_BODY:
        shape = PROBLEMS.get(status, Problem)
        ref = {"$ref": f"#/components/schemas/{shape.__name__}"}
        response["content"] = {PROBLEM: {"schema": ref}}
    return response
