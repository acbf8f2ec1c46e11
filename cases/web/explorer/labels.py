"""What filters, orders and codes are called, in the reader's language."""

from collections import OrderedDict
from threading import Lock

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_noop as _

from cases.api.request.choices import Choices, Published, VocabularyChoices
from cases.api.request.filter_types import ISNULL, NOT
from cases.api.urls import FILTERS
from cases.api.views.records import REFERENCE
from cases.vocabulary import Language, LegalStatus, RecordKind
from cases.web import vocabularies
from cases.web.answers import Answers, Json
from cases.web.languages import choose
from cases.web.words import language_name

KINDS = {
    "cases": _("Cases"),
    "defendants": _("Defendants"),
    "verdicts": _("Rulings"),
    "sources": _("Sources"),
    "statistics": _("Figures"),
}

NAMES = {
    "country": _("Country"),
    "region": _("Region"),
    "court": _("Court"),
    "formation": _("Armed formation"),
    "article": _("Article of law"),
    "kind": _("Kind"),
    "conflict": _("War"),
    "status": _("Stage of the case"),
    "legal_status": _("Legal status"),
    "outcome": _("Outcome"),
    "procedure": _("Procedure"),
    "plea": _("Plea"),
    "citizenship": _("Citizenship"),
    "residence": _("Residence"),
    "publisher": _("Publisher"),
    "source": _("Source"),
    "cites": _("Relies on"),
    "has_court_document": _("Court document"),
    "disputed": _("Sources differ"),
    "opened": _("Case opened"),
    "decided": _("Ruling"),
    "sentence_months": _("Imprisonment in months"),
    "q": _("Search"),
    "language": _("Language"),
    "published": _("Published"),
    "archived": _("Archived copy"),
    "measure": _("Measure"),
    "year": _("Year"),
    "ids": _("Records"),
    "changed_since": _("Changed since publication"),
    "date_mode": _("Dates known in part"),
}

# Ascending and descending.
ORDERINGS = {
    "id": (_("number, lowest first"), _("number, highest first")),
    "publication": (_("publication, oldest first"), _("publication, newest first")),
    "opened": (_("case opened, oldest first"), _("case opened, newest first")),
    "decided": (_("ruling, oldest first"), _("ruling, newest first")),
    "sentence_months": (_("term, shortest first"), _("term, longest first")),
    "published": (_("published, oldest first"), _("published, newest first")),
    "period": (_("period, oldest first"), _("period, newest first")),
    "relevance": (_("best match first"), ""),
}

DATE_MODES = {"possible": _("may lie in the range"), "certain": _("lie in it for certain")}

CONTEXT = "filter"
SHARED = {
    "ids": "Ids of records.",
    "changed_since": "Only what was published or corrected after this publication, on or after this"
    " day, or after this time.",
    "date_mode": "Whether a partial date has to lie in the range only possibly, or certainly.",
}


def messages() -> list[tuple[str, str]]:
    """What the API says of its filters, with its context, for the catalogues."""
    said = {
        filter_.help_text for found in FILTERS.values() for filter_ in found.base_filters.values()
    }
    return [(CONTEXT, text) for text in sorted(said | {NOT, ISNULL, *SHARED.values()})]


def help_of(kind: str, name: str) -> str:
    """What the API says of a filter."""
    said = SHARED.get(name) or FILTERS[kind].base_filters[name].help_text
    return pgettext(CONTEXT, said)


def name_of(name: str) -> str:
    return gettext(NAMES[name])


def kind_of(kind: str) -> str:
    return gettext(KINDS[kind])


def ordering(name: str) -> str:
    return gettext(ORDERINGS[name.removeprefix("-")][name.startswith("-")])


def text(names: Json | None, code: str) -> SafeString | str:
    """A name in the reader's language, else marked as being in another; the code if there is
    none."""
    found = choose(names or {}, get_language() or "en")
    if found is None:
        return code
    shown, language = found
    return (
        shown
        if language == get_language()
        else format_html('<span lang="{}">{}</span>', language, shown)
    )


PATHS = {kind: path for path, kind in REFERENCE.items()}
# States whose tables are remembered; readers look at the newest, and sometimes at one before.
MOST_TABLES = 20

_tables: OrderedDict[tuple[str, str], dict[str, Json]] = OrderedDict()
_lock = Lock()


class Names:
    """The names of codes at the state that is read."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def of(self, choices: Choices, code: str) -> SafeString | str:
        """A code in words; as it is if it means nothing."""
        if isinstance(choices, Published):
            name = text(self.table(PATHS[choices.kind]).get(code, {}).get("name"), code)
            # Articles of one law often share a name, and are known by their number.
            numbered = choices.kind is RecordKind.ARTICLE and name != code
            return format_html("{} {}", code, name) if numbered else name
        assert isinstance(choices, VocabularyChoices)
        if code not in choices.vocabulary.values:
            return code
        if choices.vocabulary is LegalStatus:
            return text(choices.labels(0)[code], code)
        if choices.vocabulary is Language:
            return language_name(code)
        return vocabularies.label(choices.title, code)

    def table(self, path: str) -> dict[str, Json]:
        """A reference table by its codes; it is small, and remembered as long as it is true."""
        key = self._answers.tag, path
        found = _tables.get(key)
        if found is None:
            rows = self._answers.get(f"{path}/")["results"]
            found = {row.get("id") or row["code"]: row for row in rows}
            with _lock:
                _tables[key] = found
                while len(_tables) > MOST_TABLES:
                    _tables.popitem(last=False)
        return found
