"""The columns of each list: what a reader sees of a record before opening it."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

from cases.web import vocabularies
from cases.web.answers import Json
from cases.web.explorer.links import Links
from cases.web.records.people import called_here
from cases.web.templatetags.words import date, in_language, local
from cases.web.words import country_name, language_name, number, term

Text = SafeString | str

# People, units and publishers named in one cell; of more, the number is told.
MOST_NAMED = 2


class Column(NamedTuple):
    """cell: gives what is shown of a record; at: the record's place in the API's answer."""

    label: str
    cell: Callable[[Json, str, Links], Text]
    css: str = ""


def several(parts: Iterable[Text], css: str = "several") -> Text:
    """One below the other; at most a few of them."""
    found = list(dict.fromkeys(part for part in parts if part))
    shown = [*found[:MOST_NAMED]]
    if len(found) > MOST_NAMED:
        rest = len(found) - MOST_NAMED
        shown.append(ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest})
    if len(shown) < 2:
        return shown[0] if shown else ""
    items = format_html_join("", "<li>{}</li>", ((part,) for part in shown))
    return format_html('<ul class="{}">{}</ul>', css, items)


def small(text: Text) -> Text:
    return format_html("<small>{}</small>", text) if text else ""


def lines(*parts: Text) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((part,) for part in parts if part))


def person(record: Json) -> SafeString:
    """Name and legal status: one never without the other."""
    status = local(record["legal_status"]["label"])
    return lines(format_html("<b>{}</b>", called_here(record)), small(status))


def published_by(record: Json, at: str, links: Links) -> Text:
    """Who says so: the publishers of what is cited."""
    cited = [source for source in record["sources"] if source["cited"]]
    names = (local(source["publisher"]["name"]) for source in cited)
    return lines(several(names), disputed(record))


def disputed(record: Json) -> Text:
    if not record["disputed"]:
        return ""
    return format_html('<span class="doubt">{}</span>', gettext("sources differ"))


def ruling(verdict: Json, at: str) -> SafeString:
    """When, with what outcome, how long; what a later ruling left of it."""
    overturned = verdict["standing"] in ("annulled", "changed")
    return lines(
        _listed(vocabularies.label("Outcome", verdict["outcome"]), sentence(verdict, at)),
        small(dated(verdict)),
        small(vocabularies.label("Standing", verdict["standing"])) if overturned else "",
    )


def _listed(*parts: Text) -> SafeString:
    return format_html_join(", ", "{}", ((part,) for part in parts if part))


def dated(verdict: Json) -> Text:
    if verdict["date"]:
        return date(verdict["date"])
    if verdict["reported"]:
        return format_html(gettext("reported {}"), date(verdict["reported"]))
    return ""


def sentence(verdict: Json, at: str) -> Text:
    months = verdict["sentence_months"]
    if months is None:
        return ""
    kind = verdict["sentence_kind"]
    return format_html(
        '<data value="{}" data-at="{}/sentence_months">{}</data>{}',
        *(months, at, term(months)),
        f" ({vocabularies.label('SentenceKind', kind)})" if kind else "",
    )


def latest(verdicts: list[Json], at: str) -> Text:
    """The latest ruling: the one of the last day; those without one come first."""
    if not verdicts:
        return ""
    days = [(one["date"] or one["reported"] or {}).get("latest") or "" for one in verdicts]
    place = max(range(len(verdicts)), key=lambda index: (days[index], index))
    return ruling(verdicts[place], f"{at}/verdicts/{place}")


def articles(found: list[Json]) -> Text:
    return several(
        format_html('<abbr title="{}">{}</abbr>', _plain(one["name"]), one["code"]) for one in found
    )


def _plain(names: Json) -> str:
    return names.get(get_language() or "en") or names["en"] or ""


def units(people: Iterable[Json]) -> Text:
    found = (service["formation"] for one in people for service in one["services"])
    return several(local(formation["name"]) for formation in found if formation)


def place(record: Json) -> Text:
    region = local(record["region"]["name"]) if record["region"] else ""
    return lines(region, small(country_name(record["country"])))


def _case(record: Json, at: str, links: Links) -> Text:
    opened = format_html(gettext("opened {}"), date(record["opened"])) if record["opened"] else ""
    return lines(links.record("cases", record["id"]), small(opened))


def _defendant(record: Json, at: str, links: Links) -> Text:
    return lines(person(record), links.defendant(record["id"]))


def _citizenship(record: Json, at: str, links: Links) -> Text:
    return ", ".join(map(country_name, record["citizenships"]))


def _residence(record: Json, at: str, links: Links) -> Text:
    region = record["residence_region"]
    return local(region["name"]) if region else ""


def _source(record: Json, at: str, links: Links) -> Text:
    title = record["title"]
    shown = in_language(title, record["title_language"] or record["language"]) if title else ""
    return lines(shown or links.host(record["url"] or ""), links.record("sources", record["id"]))


def _figure(record: Json, at: str, links: Links) -> Text:
    return lines(
        format_html('<b class="figure">{}</b>', _value(record, at)),
        links.record("statistics", record["id"]),
    )


def _value(record: Json, at: str) -> Text:
    if record["value"] is not None:
        told = format_html(
            '<data value="{0}" data-at="{1}/value">{2}</data>',
            record["value"],
            at,
            number(record["value"]),
        )
        return _qualified(record, told)
    ends = [
        format_html(
            '<data value="{0}" data-at="{1}/{2}">{3}</data>',
            record[end],
            at,
            end,
            number(record[end]),
        )
        for end in ("value_min", "value_max")
        if record[end] is not None
    ]
    if not ends:
        return "…"
    return _qualified(record, format_html_join(" – ", "{}", ((end,) for end in ends)))


def _qualified(record: Json, told: Text) -> Text:
    if record["qualifier"] in ("exact", None):
        return told
    return format_html("{} {}", vocabularies.label("Qualifier", record["qualifier"]), told)


def _counted(record: Json, at: str, links: Links) -> Text:
    measure = vocabularies.label("Measure", record["measure"])
    return lines(local(record["counted"]), small(measure))


def _contradicted(record: Json, at: str, links: Links) -> Text:
    if not record["contradicts"]:
        return disputed(record)
    others = several(links.record("statistics", other["id"]) for other in record["contradicts"])
    label = format_html('<span class="doubt">{}</span>', gettext("contradicted by"))
    return lines(label, others)


def _names(record: Json, at: str, links: Links) -> Text:
    return several(map(person, record["defendants"]), "people")


COLUMNS: dict[str, list[Column]] = {
    "cases": [
        Column(_("Case"), _case),
        Column(_("People"), _names, "persons"),
        Column(_("Place"), lambda record, at, links: place(record)),
        Column(_("Armed formation"), lambda record, at, links: units(record["defendants"])),
        Column(_("Charged under"), lambda record, at, links: articles(record["charges"])),
        Column(_("Latest ruling"), lambda record, at, links: latest(record["verdicts"], at)),
        Column(_("Sources"), published_by),
    ],
    "defendants": [
        Column(_("People"), _defendant, "persons"),
        Column(_("Citizenship"), _citizenship),
        Column(_("Residence"), _residence),
        Column(_("Armed formation"), lambda record, at, links: units([record])),
        Column(_("Charged under"), lambda record, at, links: articles(record["case"]["charges"])),
        Column(_("Latest ruling"), lambda record, at, links: latest(record["verdicts"], at)),
        Column(_("Sources"), published_by),
    ],
    "verdicts": [
        Column(_("Ruling"), lambda record, at, links: links.verdict(record["id"])),
        Column(_("People"), lambda record, at, links: person(record["defendant"]), "persons"),
        Column(
            _("Court"),
            lambda record, at, links: local(record["court"]["name"]) if record["court"] else "",
        ),
        Column(_("Applied"), lambda record, at, links: articles(record["articles"])),
        Column(_("Outcome"), lambda record, at, links: ruling(record, at)),
        Column(_("Sources"), published_by),
    ],
    "sources": [
        Column(_("Source"), _source, "title"),
        Column(_("Publisher"), lambda record, at, links: local(record["publisher"]["name"])),
        Column(
            _("Kind"), lambda record, at, links: vocabularies.label("SourceKind", record["kind"])
        ),
        Column(_("Language"), lambda record, at, links: language_name(record["language"])),
        Column(_("Published"), lambda record, at, links: date(record["published"])),
        Column(
            _("Archived copy"),
            lambda record, at, links: gettext("yes") if record["archive_url"] else gettext("no"),
        ),
    ],
    "statistics": [
        Column(_("Figure"), _figure),
        Column(_("What was counted"), _counted, "title"),
        Column(_("Country"), lambda record, at, links: country_name(record["country"] or "")),
        Column(_("Period"), lambda record, at, links: date(record["period"])),
        Column(_("Counted by"), lambda record, at, links: local(record["counted_by"])),
        Column(_("Disputed"), _contradicted),
    ],
}


class Row(NamedTuple):
    """One record. note: a sentence about it, for cards; cells: label, what is shown, CSS class."""

    cells: list[tuple[str, Text, str]]
    note: Text


def rows(kind: str, records: list[Any], links: Links) -> list[Row]:
    columns = [column._replace(label=gettext(column.label)) for column in COLUMNS[kind]]
    found = []
    for index, record in enumerate(records):
        at = f"#/results/{index}"
        cells = [(column.label, column.cell(record, at, links), column.css) for column in columns]
        case = record.get("case") or record
        found.append(Row(cells, local(case.get("summary"))))
    return found


def headings(kind: str) -> list[str]:
    return [gettext(column.label) for column in COLUMNS[kind]]
