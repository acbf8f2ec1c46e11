"""Addresses below /api/v1/."""

from django.urls import path, register_converter

from cases.api import answers, choices, coverage, facets, history, schema_view, usage, views
from cases.api.filters import (
    CaseFilter,
    DefendantFilter,
    SourceFilter,
    StatisticFilter,
    VerdictFilter,
)
from cases.publishing.shapes.documents import DOCUMENTS

FILTERS = {
    "cases": CaseFilter,
    "defendants": DefendantFilter,
    "verdicts": VerdictFilter,
    "sources": SourceFilter,
    "statistics": StatisticFilter,
}

EXAMPLES = {name: filters.id_example for name, filters in FILTERS.items()} | {
    name: choices.EXAMPLES[kind] for name, kind in views.REFERENCE.items()
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
    path("", views.Root.as_view()),
    path("usage/", usage.Usage.as_view()),
    path("schema/", schema_view.OpenAPI.as_view()),
    path("docs/", schema_view.Page.as_view(**schema_view.SWAGGER)),
    path("redoc/", schema_view.Page.as_view(**schema_view.REDOC)),
    path("changes/", history.Changes.as_view()),
    path("publications/", history.Publications.as_view()),
    path("statistics/coverage/", coverage.Coverage.as_view()),
    path("codebook/", views.Codebook.as_view()),
    *(
        path(
            f"{name}/",
            views.RecordList.as_view(
                record=kind, filterset_class=FILTERS[name], answer=answers.page_of(kind)
            ),
        )
        for name, kind in views.RECORDS.items()
    ),
    *(
        path(f"{name}/facets/", facets.Facets.as_view(record=kind, filterset_class=FILTERS[name]))
        for name, kind in views.RECORDS.items()
    ),
    *(
        path(
            f"{name}/",
            views.ReferenceList.as_view(record=kind, answer=answers.table_of(kind)),
        )
        for name, kind in views.REFERENCE.items()
    ),
    *(
        path(
            f"{name}/<id:public_id>/",
            views.RecordDetail.as_view(record=kind, example=EXAMPLES[name], answer=DOCUMENTS[kind]),
        )
        for name, kind in (views.RECORDS | views.REFERENCE).items()
    ),
    *(
        path(
            f"{name}/<id:public_id>/versions/",
            history.Versions.as_view(record=kind, example=EXAMPLES[name]),
        )
        for name, kind in (views.RECORDS | views.REFERENCE).items()
    ),
]
