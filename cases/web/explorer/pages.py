"""Three pages of one list: its records, the counted filters beside them, and all filters."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from cases.api.request.ordering import RELEVANCE, orderings
from cases.api.urls import FILTERS
from cases.api.views.records import RECORDS
from cases.publishing.serializers.fields import API
from cases.web.answers import Json, ProblemError
from cases.web.explorer import export_links, labels
from cases.web.explorer.charts import charts
from cases.web.explorer.chips import chips
from cases.web.explorer.columns import headings, rows
from cases.web.explorer.groups import BESIDE, Groups
from cases.web.explorer.labels import Names
from cases.web.explorer.links import Links
from cases.web.explorer.relaxed_filters import loosened
from cases.web.explorer.selection import OWN, VIEWS, Selection, joined
from cases.web.layout import frame
from cases.web.pages import Page
from cases.web.templatetags.words import figure
from cases.web.words import number

# Counts of more records than these are asked for by the page when it is shown: to count all
# values of 100,000 cases takes longer than to show the first of them.
COUNTED_AT_ONCE = 2_000
PAGE_SIZES = ["25", "50", "100", "200"]


class SelectionPage(Page):
    """A page about a selection of the records of one kind."""

    kind = ""  # given by the address

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.kind, self.request.GET)

    def get(self, request: HttpRequest, **named: str) -> HttpResponse:
        if not self.selection.is_clean():
            return HttpResponseRedirect(joined(request.path, self.selection.cleaned()))
        try:
            return super().get(request, **named)
        except ProblemError as error:
            if error.status != HTTPStatus.BAD_REQUEST or not self._may_explain(error.problem):
                raise
            return self._refused(error.problem["errors"])

    def show(self) -> Json:
        self._refuse_foreign()
        return self._shared([])

    def _may_explain(self, problem: Json) -> bool:
        """Whether the state is known that a page needs to show what is wrong with the others."""
        return "errors" in problem and all(error["param"] != "as_of" for error in problem["errors"])

    def _refuse_foreign(self) -> None:
        """ProblemError for parameters that the API has, and a page has not: fewer fields, say."""
        foreign = self.selection.foreign()
        if self.selection.first("view") not in ("", *VIEWS):
            foreign.append("view")
        known = {"fields", "omit", "format", "count", "bom", "provenance", "view"}
        if wrong := [name for name in foreign if name in known]:
            detail = gettext("Pages do not take this. Ask the API for it.")
            errors = [
                {"param": name, "value": self.selection.first(name), "detail": detail}
                for name in wrong
            ]
            raise ProblemError({"status": 400, "detail": detail, "errors": errors})

    def _refused(self, problems: list[Json]) -> HttpResponse:
        shown = frame(self.request, self.language) | {"dataset": self.answers.dataset}
        shown |= self._shared(problems)
        text = render_to_string(self.template, shown)
        headers = {"Content-Language": self.language, "Cache-Control": "no-store"}
        return HttpResponse(text, status=HTTPStatus.BAD_REQUEST, headers=headers)

    def _shared(self, problems: list[Json]) -> Json:
        selection, kind = self.selection, self.kind
        chosen = chips(selection, Names(self.answers))
        counts = self.answers.dataset["counts"]
        query = selection.query()
        return {
            "kind": kind,
            "kind_name": labels.kind_of(kind),
            "kinds": [
                {
                    "name": labels.kind_of(name),
                    "count": counts[name],
                    "pointer": f"{API}/#/counts/{name}",
                    "address": self._address("list", kind=name),
                    "chosen": name == kind,
                }
                for name in RECORDS
            ],
            "selection": selection,
            "chips": chosen,
            "list": self._address("list"),
            "all": joined(self._address("all"), query),
            "beside": joined(self._address("beside"), query),
            "newest": joined(self.request.path, selection.query(without=["as_of"])),
            "cleared": joined(self._address("list"), selection.query(without=self._filters())),
            "problems": self._elsewhere(problems),
            "problems_of_q": [error for error in problems if error["param"] == "q"],
            "wrong": self._fields(problems),
            "views": self._views(),
            "orderings": self._orderings(),
            "sizes": [
                ("" if size == PAGE_SIZES[0] else size, size, size == selection.first("page_size"))
                for size in PAGE_SIZES
            ],
            "json": selection.api(),
            "example": selection.filters.id_example,
            "searchable": "q" in selection.filters.base_filters,
            "given": {name: ",".join(selection.values(name)) for name in selection.names()},
        }

    def _filters(self) -> set[str]:
        return {name for name in self.selection.names() if name not in OWN or name == "cursor"}

    def _elsewhere(self, problems: list[Json]) -> list[Json]:
        """What is wrong with parameters that have no field beside the results."""
        shown = {"q"} | {
            name for group in BESIDE[self.kind] for name in self.selection.owned(group)
        }
        return [error for error in problems if error["param"] not in shown]

    def _fields(self, problems: list[Json]) -> list[tuple[str, str]]:
        """The fields that something is wrong with: id and name, each once."""
        owners = self.selection.filters.owners()
        names = dict.fromkeys(owners.get(error["param"]) for error in problems)
        return [
            (name if name == "q" else f"group-{name}", labels.name_of(name))
            for name in names
            if name == "q" or name in BESIDE[self.kind]
        ]

    def _views(self) -> list[Json]:
        names = {"table": gettext("Table"), "cards": gettext("Cards")}
        return [
            {
                "key": view,
                "name": names[view],
                "chosen": view == self.selection.view,
                "address": joined(
                    self._address("list"),
                    self.selection.query(
                        {} if view == VIEWS[0] else {"view": [view]}, without=["view"]
                    ),
                ),
            }
            for view in VIEWS
        ]

    def _orderings(self) -> list[tuple[str, str, bool]]:
        """Value, words, and whether it is chosen; the value of the one that needs no word is ""."""
        filters = FILTERS[self.kind]
        searched = bool(self.selection.first("q"))
        default = RELEVANCE if searched else filters.default_ordering
        chosen = self.selection.first("ordering") or default
        return [
            ("" if name == default else name, labels.ordering(name), name == chosen)
            for name in orderings(filters)
            if name != RELEVANCE or searched
        ]

    def _address(self, page: str, kind: str = "") -> str:
        return reverse(f"web:explorer-{kind or self.kind}-{page}", args=[self.language])


class WithGroups(SelectionPage):
    """A page with the filters that stand beside the results."""

    def _groups(self, problems: list[Json], lazily: bool = False) -> Json:
        """The filters, and what the form keeps of those that are not there. lazily: none are."""
        visible = {"q", "ordering", "page_size", "cursor"}
        if not lazily:
            for name in BESIDE[self.kind]:
                visible |= self.selection.owned(name) - {f"{name}__not", f"{name}__isnull"}
        groups = Groups(self.answers, self.selection, problems)
        return {
            "lazily": lazily,
            "groups": [] if lazily else groups.beside(),
            "kept": [pair for pair in self.selection.pairs if pair[0] not in visible],
            "order": [
                pair for pair in self.selection.pairs if pair[0] in ("ordering", "page_size")
            ],
        }


class List(WithGroups):
    """The records, page by page, with what else gives exactly these."""

    template = "web/explorer/list.html"

    def show(self) -> Json:
        self._refuse_foreign()
        selection, answers = self.selection, self.answers
        answer = answers.get(f"{self.kind}/", selection.asked())
        pinned = frame(self.request, self.language)["pinned"]
        lazily = answers.dataset["counts"][self.kind] > COUNTED_AT_ONCE
        count, words = answer["count"], found(self.kind, answer["count"])
        return (
            self._shared([])
            | self._groups([], lazily)
            | {
                "answer": answer,
                "found": format_html(words, n=figure(count, "#/count")),
                "found_plainly": words.format(n=number(count)),
                "headings": headings(self.kind),
                "rows": rows(self.kind, answer["results"], Links(self.language, pinned)),
                "previous": self._page(answer["previous"]),
                "next": self._page(answer["next"]),
                "loosened": loosened(answers, selection, self._address("list"))
                if answer["count"] == 0
                else [],
                "charts": charts(selection, self.language, answer["publication"])
                if answer["count"]
                else [],
                "elsewhere": export_links.addresses(
                    self.request, selection, self._address("list"), answer
                ),
                "files": export_links.files(selection),
                "feed": export_links.feed(selection, self.language),
            }
        )

    def _shared(self, problems: list[Json]) -> Json:
        shared = super()._shared(problems)
        return shared | (self._groups(problems) if problems else {})

    def _page(self, link: str | None) -> str | None:
        query = self.selection.page(link)
        return None if query is None else joined(self._address("list"), query)


class Beside(WithGroups):
    """The counted filters by themselves; lists of many records load them behind the results."""

    template = "web/explorer/beside.html"

    def _shared(self, problems: list[Json]) -> Json:
        return super()._shared(problems) | self._groups(problems)


class All(SelectionPage):
    """Every filter that the list has, with its explanation."""

    template = "web/explorer/all.html"

    def _shared(self, problems: list[Json]) -> Json:
        groups = Groups(self.answers, self.selection, problems)
        shared = super()._shared(problems)
        shared["problems"] = [
            error for error in problems if error["param"] not in self.selection.filters.owners()
        ]
        names = self.selection.filters.names()
        return shared | {
            "groups": groups.all(),
            "names": {name: labels.name_of(name) for name in labels.SHARED},
            "helps": {
                name: labels.help_of(self.kind, name)
                for name in ("q", "ids", "changed_since", "date_mode")
                if name in names
            },
            "date_modes": [
                (mode, gettext(said), mode == (self.selection.first("date_mode") or "possible"))
                for mode, said in labels.DATE_MODES.items()
            ],
        }


def found(kind: str, count: int) -> str:
    """`{n} cases`: as many of a kind as there are."""
    return {
        "cases": ngettext("{n} case", "{n} cases", count),
        "defendants": ngettext("{n} defendant", "{n} defendants", count),
        "verdicts": ngettext("{n} ruling", "{n} rulings", count),
        "sources": ngettext("{n} source", "{n} sources", count),
        "statistics": ngettext("{n} figure", "{n} figures", count),
    }[kind]
