"""Addresses of the explorer, below the language: those of the API's lists."""

from django.urls import path

from cases.api.views.records import RECORDS
from cases.web.explorer.pages import All, Beside, List

# The page of figures has disputes beside each other, and stands at the address of their list.
FOLDERS = {kind: kind for kind in RECORDS} | {"statistics": "statistics/explore"}
PAGES = {"list": ("", List), "beside": ("facets/", Beside), "all": ("filters/", All)}

urlpatterns = [
    path(f"{folder}/{end}", page.as_view(kind=kind), name=f"explorer-{kind}-{name}")
    for kind, folder in FOLDERS.items()
    for name, (end, page) in PAGES.items()
]
