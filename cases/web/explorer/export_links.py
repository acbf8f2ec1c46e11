"""Where else exactly the same is had: by the API, as files, as a feed."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from cases.api.views.records import RECORDS
from cases.exporting.formats import CSV, offered
from cases.exporting.tables import TABLES
from cases.web.answers import Json
from cases.web.explorer.selection import Selection, joined

# What a file, which is whole, does not take.
PAGED = ("page_size", "cursor")


def addresses(request: HttpRequest, selection: Selection, page: str, answer: Json) -> list[Json]:
    """The addresses to copy, whole. page: path of the list; answer: what the API said for it."""
    host = request.build_absolute_uri
    place = {"as_of": [str(answer["publication"])], "cursor": selection.values("cursor")}
    return [
        {
            "name": gettext("This call of the API"),
            "address": host(selection.api()),
            "key": "api",
        },
        {
            "name": gettext("Permanent link"),
            "address": answer["permalink"],
            "key": "permalink",
        },
        {
            "name": "CSV",
            # The mark tells Excel that the file is UTF-8, and hurts no program.
            "address": host(selection.api(PAGED, format=CSV.name, bom="true")),
            "key": "csv",
        },
        {
            "name": gettext("This page as it is today"),
            "address": host(joined(page, selection.query(place))),
            "key": "page",
        },
    ]


def files(selection: Selection) -> list[Json]:
    """The whole selection in the other formats."""
    return [
        {"name": form.name, "address": selection.api(PAGED, format=form.name)}
        for form in offered(TABLES[RECORDS[selection.kind]])
        if form is not CSV
    ]


def feed(selection: Selection, language: str) -> str:
    """An Atom feed of what changes among the selected records."""
    query = [*selection.filtering(), ("lang", language)]
    return joined(reverse(f"feeds:{selection.kind}"), urlencode(query))
