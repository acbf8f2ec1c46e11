"""Addresses below /api/v1/."""

from django.urls import path

from cases.api import coverage, facets, history, views
from cases.api.filters import (
    CaseFilter,
    DefendantFilter,
    SourceFilter,
    StatisticFilter,
    VerdictFilter,
)

FILTERS = {
    "cases": CaseFilter,
    "defendants": DefendantFilter,
    "verdicts": VerdictFilter,
    "sources": SourceFilter,
    "statistics": StatisticFilter,
}

EXAMPLES = {
    "regions": "KZ-59",
    "courts": "kz-kyzylzhar-district-court",
    "formations": "wagner",
    "articles": "KZ-172",
    "publishers": "mediazona",
}

urlpatterns = [
    path("", views.Root.as_view()),
    path("changes/", history.Changes.as_view()),
    path("publications/", history.Publications.as_view()),
    path("statistics/coverage/", coverage.Coverage.as_view()),
    path("codebook/", views.Codebook.as_view()),
    *(
        path(f"{name}/", views.RecordList.as_view(record=kind, filterset_class=FILTERS[name]))
        for name, kind in views.RECORDS.items()
    ),
    *(
        path(f"{name}/facets/", facets.Facets.as_view(record=kind, filterset_class=FILTERS[name]))
        for name, kind in views.RECORDS.items()
    ),
    *(
        path(
            f"{name}/<str:public_id>/",
            views.RecordDetail.as_view(record=kind, example=FILTERS[name].id_example),
        )
        for name, kind in views.RECORDS.items()
    ),
    *(
        path(
            f"{name}/<str:public_id>/",
            views.RecordDetail.as_view(record=kind, example=EXAMPLES[name]),
        )
        for name, kind in views.REFERENCE.items()
    ),
    *(
        path(f"{name}/<str:public_id>/versions/", history.Versions.as_view(record=kind))
        for name, kind in (views.RECORDS | views.REFERENCE).items()
    ),
    *(
        path(f"{name}/", views.ReferenceList.as_view(record=kind))
        for name, kind in views.REFERENCE.items()
    ),
]
