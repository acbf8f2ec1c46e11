"""Addresses below /api/v1/."""

from django.urls import path, register_converter

from cases.api.filters import (
    CaseFilter,
    DefendantFilter,
    SourceFilter,
    StatisticFilter,
    VerdictFilter,
)
from cases.api.request import choices
from cases.api.schemas import lists
from cases.api.views import coverage, facets, history, openapi, records, usage
from cases.publishing.serializers.documents import DOCUMENTS

FILTERS = {
    "cases": CaseFilter,
    "defendants": DefendantFilter,
    "verdicts": VerdictFilter,
    "sources": SourceFilter,
    "statistics": StatisticFilter,
}

EXAMPLES = {name: filters.id_example for name, filters in FILTERS.items()} | {
    name: choices.EXAMPLES[kind] for name, kind in records.REFERENCE.items()
}


class IdConverter:
    """PostgreSQL has no text with a null character in it, so no id has one."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(IdConverter, "id")

urlpatterns = [
    path("", records.ApiRoot.as_view()),
    path("usage/", usage.Usage.as_view()),
    path("schema/", openapi.OpenAPI.as_view()),
    path("docs/", openapi.Page.as_view(**openapi.SWAGGER)),
    path("redoc/", openapi.Page.as_view(**openapi.REDOC)),
    path("changes/", history.Changes.as_view()),
    path("publications/", history.Publications.as_view()),
    path("statistics/coverage/", coverage.Coverage.as_view()),
    path("codebook/", records.Codebook.as_view()),
    *(
        path(
            f"{name}/",
            records.RecordList.as_view(
                record=kind, filterset_class=FILTERS[name], answer=lists.page_of(kind)
            ),
        )
        for name, kind in records.RECORDS.items()
    ),
    *(
        path(f"{name}/facets/", facets.Facets.as_view(record=kind, filterset_class=FILTERS[name]))
        for name, kind in records.RECORDS.items()
    ),
    *(
        path(
            f"{name}/",
            records.ReferenceList.as_view(record=kind, answer=lists.table_of(kind)),
        )
        for name, kind in records.REFERENCE.items()
    ),
    *(
        path(
            f"{name}/<id:public_id>/",
            records.RecordDetail.as_view(
                record=kind, example=EXAMPLES[name], answer=DOCUMENTS[kind]
            ),
        )
        for name, kind in (records.RECORDS | records.REFERENCE).items()
    ),
    *(
        path(
            f"{name}/<id:public_id>/versions/",
            history.Versions.as_view(record=kind, example=EXAMPLES[name]),
        )
        for name, kind in (records.RECORDS | records.REFERENCE).items()
    ),
]
