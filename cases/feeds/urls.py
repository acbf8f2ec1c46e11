"""Addresses below /feeds/."""

from django.urls import path

from cases.api.urls import FILTERS
from cases.api.views.records import RECORDS
from cases.feeds.changes import Changes
from cases.feeds.records import Records

app_name = "feeds"

urlpatterns = [
    path("changes.atom", Changes.as_view(), name="changes"),
    *(
        path(
            f"{name}.atom",
            Records.as_view(record=kind, filterset_class=FILTERS[name]),
            name=name,
        )
        for name, kind in RECORDS.items()
    ),
]
