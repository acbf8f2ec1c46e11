"""Words on pictures, in the language that is active."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cases import countries
from cases.api.request.choices import VocabularyChoices
from cases.api.request.filter_types import (
    BooleanFilter,
    CodeFilter,
    Ids,
    MonthsFilter,
    PartialDateFilter,
    RecordFilterSet,
    Year,
)
from cases.api.request.parameters import Parameters
from cases.api.request.snapshots import Snapshot

LANGUAGES = ["en", "ru", "kk"]
# Where a name is not there in the reader's language.
FALLBACKS = {"en": ("ru", "kk"), "ru": ("en", "kk"), "kk": ("ru", "en")}

# Values of one filter that are named; of more, the number is told.
MOST_NAMED = 4

FILTERS = {
    "country": _("Country"),
    "region": _("Region"),
    "court": _("Court"),
    "formation": _("Formation"),
    "article": _("Article"),
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
    "language": _("Language"),
    "published": _("Published"),
    "archived": _("Archived copy"),
    "has_court_document": _("Court document cited"),
    "disputed": _("Sources differ"),
    "opened": _("Case opened"),
    "decided": _("Ruling"),
    "sentence_months": _("Prison term, months"),
    "measure": _("Measure"),
    "year": _("Year"),
}


def named(label: Mapping[str, str | None] | str | None, code: str, context: str = "") -> str:
    """What a code means, in the active language, else in the one that is read most likely.

    context: name of the closed vocabulary that the label is from; the API has these in English.
    """
    if not label:
        return code
    if isinstance(label, str):  # published before such texts had languages
        return label
    language = get_language() or "en"
    for candidate in (language, *FALLBACKS[language]):
        if text := label.get(candidate):
            return pgettext(context, text) if context and candidate == "en" else text
    return code


def day(moment: datetime) -> str:
    return _spaced(format_date(moment, "long", locale=_locale()))


def _spaced(text: str) -> str:
    """With a space that the font has, instead of the narrow one."""
    return text.replace("\u202f", "\u00a0")


def _locale() -> Locale:
    # Day before month in English too, as everywhere in the data.
    language = get_language() or "en"
    return Locale.parse("en_GB" if language == "en" else language)


def filter_in_words(
    filterset: type[RecordFilterSet], parameters: Parameters, snapshot: Snapshot
) -> list[str]:
    """What the filters select, a phrase each. Of a search only that there is one: a picture must
    not say, in our name, whatever somebody wrote into its address."""
    found: list[str] = []
    for name, filter_ in filterset.base_filters.items():
        if isinstance(filter_, CodeFilter | Ids):
            found += _codes(name, filter_, parameters, snapshot)
        elif isinstance(filter_, PartialDateFilter | MonthsFilter):
            found += _range(name, filter_.suffixes, parameters)
        elif isinstance(filter_, Year) and name in parameters:
            found.append(_says(name, _listed(parameters.many(name))))
        elif isinstance(filter_, BooleanFilter) and name in parameters:
            found.append(_says(name, gettext("yes") if parameters.boolean(name) else gettext("no")))
        elif name == "q" and name in parameters:
            found.append(gettext("Found by a search for words"))
        if f"{name}__isnull" in parameters:
            unknown = parameters.boolean(f"{name}__isnull")
            found.append(_says(name, gettext("not known") if unknown else gettext("known")))
    if "ids" in parameters:
        found.append(gettext("Records: %s") % _listed(parameters.many("ids")))
    if since := parameters.one("changed_since"):
        words = (
            gettext("Changed since publication %s")
            if since.isdigit()
            else gettext("Changed since %s")
        )
        found.append(words % since)
    if parameters.one("date_mode") == "certain":
        found.append(gettext("Only dates that lie in the range for certain"))
    return found


def _codes(
    name: str, filter_: CodeFilter | Ids, parameters: Parameters, snapshot: Snapshot
) -> list[str]:
    found = []
    for key, form in ((name, "%s"), (f"{name}__not", gettext("not %s"))):
        if key in parameters:
            said = form % _listed(_words(name, filter_, parameters.many(key), snapshot))
            found.append(said[:1].upper() + said[1:] if name == "article" else _says(name, said))
    return found


def _words(name: str, filter_: CodeFilter | Ids, codes: list[str], snapshot: Snapshot) -> list[str]:
    if isinstance(filter_, Ids):
        return codes
    if name == "article":  # which is known by its number
        return [article(code) for code in codes]
    labels = filter_.choices.labels(snapshot.publication)
    context = filter_.choices.title if isinstance(filter_.choices, VocabularyChoices) else ""
    return [named(labels.get(code), code, context) for code in codes]


def _range(name: str, suffixes: tuple[str, ...], parameters: Parameters) -> list[str]:
    first, last = (parameters.one(f"{name}{suffix}") for suffix in suffixes[:2])
    if first and last:
        return [_says(name, f"{first} – {last}")]
    if first:
        return [_says(name, gettext("from %s") % first)]
    if last:
        return [_says(name, gettext("up to %s") % last)]
    return []


SIGNS = {"approximate": "≈", "at_least": "≥", "at_most": "≤", "exact": ""}


def number(figure: Mapping[str, Any]) -> str:
    """What a statistic states: 709, ≈700, 15–20, ≈150–200; … where it has no number."""
    if figure["value"] is not None:
        return SIGNS.get(figure["qualifier"], "") + _plain(figure["value"])
    if figure["value_min"] is None and figure["value_max"] is None:
        return "…"
    ends = f"{_plain(figure['value_min'])}–{_plain(figure['value_max'])}"
    return SIGNS.get(figure["qualifier"], "") + ends


def _plain(value: float | None) -> str:
    return "…" if value is None else _spaced(format_decimal(value, locale=_locale()))


def country(code: str) -> str:
    return countries.country_name(_locale(), code)


def article(code: str) -> str:
    """`KZ-170-3` as one says it: article 170 part 3 (KZ)."""
    home, number, *part = code.split("-")
    said = gettext("article %s") % number
    if part:
        said = gettext("%(article)s part %(part)s") % {"article": said, "part": part[0]}
    return f"{said} ({home})"


def _says(name: str, what: str) -> str:
    return f"{FILTERS[name]}: {what}"


def _listed(values: list[str]) -> str:
    shown = ", ".join(values[:MOST_NAMED])
    if len(values) > MOST_NAMED:
        more = {"shown": shown, "more": len(values) - MOST_NAMED}
        return gettext("%(shown)s and %(more)s more") % more
    return shown
