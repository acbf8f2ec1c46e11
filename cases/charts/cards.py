"""Cards that show when an address is shared: `/charts/card.png`, or of a record by `record=`.

A card says what a record is and where it stands before the law. It shows no person: no name, no
title of a source, no picture.
"""

from collections.abc import Callable
from re import fullmatch
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language, gettext, ngettext
from rest_framework.request import Request

from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.urls import FILTERS
from cases.charts import layout, look
from cases.charts.asking import Asker, Json, MovedError
from cases.charts.layout import broken
from cases.charts.rendering import printable, renderer
from cases.charts.views import PNG, PictureView
from cases.charts.words import article, country, named, number
from cases.vocabulary import SourceKind

# As Open Graph wants it, in pixels.
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
MOST_LINES = 7


class CardView(PictureView):
    """A card of the dataset or of one record."""

    def names(self) -> set[str]:
        return super().names() | {"record"}

    def describe(self) -> dict[str, Described]:
        patterns = "|".join(filters.id_pattern for filters in FILTERS.values())
        about = "The record to show; the dataset if not given."
        form = f"an id like {_examples()}"
        return super().describe() | {
            "record": parameter_docs.text(about, form, pattern=f"^({patterns})$")
        }

    def get(self, request: Request) -> HttpResponse | HttpResponsePermanentRedirect:
        language = self.language()
        record = self.parameters.one("record")
        kind = _kind(record) if record else None
        if record and not kind:
            self.parameters.wrong("record", record, f"“{record}” is no id.", f"like {_examples()}")
        self.parameters.done()
        ask = Asker(request, self.snapshot.publication)
        try:
            # Outside of what is kept, so that nothing outlives a record that was withdrawn.
            said = ask(f"{kind}/{record}/", {}) if record else ask("", {})
        except MovedError as moved:
            query = request.query_params.copy()
            query["record"] = urlsplit(moved.address).path.rstrip("/").rpartition("/")[2]
            return HttpResponsePermanentRedirect(f"?{query.urlencode()}", preserve_request=True)
        with translation.override(language):
            content = self.kept("card.png", lambda: self._png(kind, said))
        return self.picture(content, PNG, f"card-{record}" if record else "card")

    def get_view_name(self) -> str:
        return "Card"

    def _png(self, kind: str | None, said: Json) -> bytes:
        headline, lines = WORDS[kind](said) if kind else _dataset(said)
        room = WIDTH - 2 * MARGIN
        texts = [part for line in lines if line for part in broken(printable(line), room, 34)]
        svg = render_to_string(
            "charts/card.svg",
            {
                "lang": get_language(),
                "look": look.look("dark", WIDTH),
                "font": look.FONT,
                "headline": broken(printable(headline), room, 58, bold=True)[:3],
                "lines": texts[:MOST_LINES],
                "source": layout.source(self.snapshot),
            },
        )
        return renderer.png(svg, 1)


def _examples() -> str:
    return ", ".join(filters.id_example for filters in FILTERS.values())


def _kind(record: str) -> str | None:
    """The list that an id belongs to; null = it has not the form of one."""
    for kind, filters in FILTERS.items():
        if fullmatch(filters.id_pattern, record):
            return kind
    return None


def _dataset(said: Json) -> tuple[str, list[str]]:
    counts = said["counts"]
    cases = ngettext("%(n)s case", "%(n)s cases", counts["cases"]) % {"n": counts["cases"]}
    sources = ngettext("%(n)s source", "%(n)s sources", counts["sources"]) % {
        "n": counts["sources"]
    }
    headline = gettext("Recruited for Russia’s war in Ukraine: criminal cases in Central Asia")
    return headline, [f"{cases}, {sources}", gettext("Behind every value stands who says so.")]


def _case(said: Json) -> tuple[str, list[str]]:
    headline = gettext("Case %s") % said["id"]
    statuses = [_status(one) for one in said["defendants"]]
    return headline, [_place(said), *_charges(said["charges"]), *dict.fromkeys(statuses)]


def _defendant(said: Json) -> tuple[str, list[str]]:
    case = said["case"]
    headline = gettext("Defendant in case %s") % case["id"]
    return headline, [_place(case), *_charges(case["charges"]), _status(said)]


def _verdict(said: Json) -> tuple[str, list[str]]:
    headline = gettext("Ruling in case %s") % said["case"]["id"]
    court = said["court"]
    where = named(court["name"], court["id"]) if court else _place(said["case"])
    date = said["date"] or said["reported"]
    return headline, [where, date["value"] if date else "", _status(said["defendant"])]


def _source(said: Json) -> tuple[str, list[str]]:
    publisher = said["publisher"]
    kind = named({"en": str(SourceKind(said["kind"]).label)}, said["kind"], SourceKind.__name__)
    published = said["published"]
    return named(publisher["name"], publisher["id"]), [
        f"{gettext('Source')} {said['id']}",
        kind,
        published["value"] if published else "",
    ]


def _statistic(said: Json) -> tuple[str, list[str]]:
    period = said["period"]
    disputed = gettext("Disputed: another published figure says something else.")
    return number(said), [
        named(said["counted"], said["measure"]),
        period["value"] if period else "",
        named(said["counted_by"], ""),
        disputed if said["contradicts"] else "",
    ]


WORDS: dict[str, Callable[[Json], tuple[str, list[str]]]] = {
    "cases": _case,
    "defendants": _defendant,
    "verdicts": _verdict,
    "sources": _source,
    "statistics": _statistic,
}


def _status(defendant: Json) -> str:
    status: dict[str, Any] = defendant["legal_status"]
    words = named(status["label"], status["code"])
    return words[:1].upper() + words[1:]


def _place(case: Json) -> str:
    region = case["region"]
    parts = [named(region["name"], region["code"]) if region else "", country(case["country"])]
    return ", ".join(part for part in parts if part)


def _charges(charges: list[Json]) -> list[str]:
    said = ", ".join(article(one["code"]) for one in charges[:3])
    return [said[:1].upper() + said[1:]] if said else []
