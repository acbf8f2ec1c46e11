"""Addresses below /api/v1/."""

from django.urls import path

from cases.api import views
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

urlpatterns = [
    path("", views.Root.as_view()),
    *(
        path(f"{name}/", views.RecordList.as_view(record=kind, filterset_class=FILTERS[name]))
        for name, kind in views.RECORDS.items()
    ),
    *(
        path(
            f"{name}/<str:public_id>/",
            views.RecordDetail.as_view(record=kind, filterset_class=FILTERS[name]),
        )
        for name, kind in views.RECORDS.items()
    ),
    *(
        path(f"{name}/", views.ReferenceList.as_view(record=kind))
        for name, kind in views.REFERENCE.items()
    ),
]
