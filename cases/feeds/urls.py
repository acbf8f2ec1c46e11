"""Addresses below /feeds/."""

from django.urls import path

from cases.api.urls import FILTERS
from cases.api.views import RECORDS
from cases.feeds import views

app_name = "feeds"

urlpatterns = [
    path("changes.atom", views.Changes.as_view(), name="changes"),
    *(
        path(
            f"{name}.atom",
            views.Records.as_view(record=kind, filterset_class=FILTERS[name]),
            name=name,
        )
        for name, kind in RECORDS.items()
    ),
]
