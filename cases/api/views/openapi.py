"""The OpenAPI schema, and pages that show it with nothing from elsewhere."""

from threading import Lock
from typing import Any

import orjson
from django.core.cache import cache
from django.templatetags.static import static
from django.utils.html import format_html
from drf_spectacular.renderers import OpenApiYamlRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http.code_version import CODE_VERSION
from cases.api.request import negotiation, parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.request.snapshots import Snapshot
from cases.api.schemas.openapi import Generator
from cases.api.views.snapshot_view import SnapshotView
from cases.publishing.serializers.fields import API

# Whether the codes are listed. Both spellings, as `bom` of files has it.
LISTED = {"0": False, "1": True, "false": False, "true": True}

_writing = Lock()


class OpenAPI(SnapshotView):
    """This schema (OpenAPI 3.1). It changes with the program, not with the dataset: a client that
    is generated from it reads later publications too. `codes=1` lists the codes and publications
    that can be asked for now."""

    formats = [negotiation.JSON, negotiation.YAML]

    def names(self) -> set[str]:
        return {"codes", "format"}

    def describe(self) -> dict[str, Described]:
        listed = "1 lists the codes of now, for people who choose; clients that use it grow old."
        return {
            "codes": parameter_docs.choice(listed, list(LISTED), "0"),
            "format": parameter_docs.choice("Else by Accept.", self.formats, "json"),
        }

    def get(self, request: Request) -> Response:
        listed = LISTED[self.parameters.choice("codes", list(LISTED)) or "0"]
        self.parameters.done()
        body = written(self.snapshot if listed else Snapshot(), self.format)
        return Response(body, content_type=negotiation.MEDIA_TYPES[self.format])

    def get_view_name(self) -> str:
        return "OpenAPI schema"


def written(snapshot: Snapshot, form: str) -> bytes:
    """The schema as JSON or YAML; a third of a second, once for each state and process."""
    key = f"openapi:{CODE_VERSION}:{snapshot.digest}:{form}"
    body: bytes | None = cache.get(key)
    if body is None:
        # The generator is not made for threads: of two at once, one failed.
        with _writing:
            body = cache.get(key)
            if body is None:
                schema = Generator(snapshot).get_schema()
                body = _yaml(schema) if form == negotiation.YAML else orjson.dumps(schema)
                cache.set(key, body, timeout=None)
    return body


def _yaml(schema: dict[str, Any]) -> bytes:
    rendered: bytes = OpenApiYamlRenderer().render(schema, renderer_context={})
    return rendered


SIDECAR = "drf_spectacular_sidecar"

# Both viewers would ask other sites: for a badge, a logo, fonts. Redoc searches in a worker that it
# makes itself, and adds two style elements: an empty one, whose rules it sets by script, and one
# that never changes. Allowed are these two, by their hashes; another release may have another.
STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
)
POLICY = (
    f"default-src 'self'; style-src 'self' {' '.join(STYLES)}; img-src 'self' data:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class Page(SnapshotView):
    """A page for people. It takes no parameters."""

    schema = None  # type: ignore[assignment]
    formats = [negotiation.HTML]

    # All are given by the address: what it is called, and paths of static files.
    title = ""
    script = ""
    style = ""

    def names(self) -> set[str]:
        return set()

    def describe(self) -> dict[str, Described]:
        return {}

    def get(self, request: Request) -> Response:
        self.parameters.done()
        page = format_html(
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="icon" href="data:,"><link rel="stylesheet" href="{}"></head>'
            '<body><div id="schema" data-url="{}"></div>'
            '<script src="{}"></script><script src="{}"></script></body></html>\n',
            self.title,
            static(self.style),
            f"{API}/schema/?codes=1&format=json",
            static(self.script),
            static("cases/schema.js"),
        )
        headers = {"Content-Security-Policy": POLICY}
        return Response(page.encode(), headers=headers, content_type="text/html; charset=utf-8")

    def get_view_name(self) -> str:
        return self.title


SWAGGER = {
    "title": "Cases API: try it",
    "script": f"{SIDECAR}/swagger-ui-dist/swagger-ui-bundle.js",
    "style": f"{SIDECAR}/swagger-ui-dist/swagger-ui.css",
}
REDOC = {
    "title": "Cases API: reference",
    "script": f"{SIDECAR}/redoc/bundles/redoc.standalone.js",
    "style": "cases/schema.css",
}
