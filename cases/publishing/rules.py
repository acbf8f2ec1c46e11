"""The rules of publishing. A record that breaks one is refused, with the full list.

Each rule is a function of one job: it gets a row of the working copy with the document made from
it, and yields what is wrong. The rules for a case see its defendants, services and verdicts too.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from django.db.models import Model

from cases import dates, names
from cases.models import Article, Case, Court, Source, Statistic, Verdict
from cases.publishing.documents.build import Document, Json, citing_objects
from cases.publishing.presumption import GUILT, text_of
from cases.publishing.statistic_rules import (
    contradicting_figures_exclude_each_other,
    figure_has_a_value_or_says_why_not,
)
from cases.vocabulary import ExtentRead, LegalStatus, NameKind, Outcome, Rank, SentenceKind

# Keys of an object with citations that state no fact of their own: identity, what is derived,
# editors' decisions, and objects that are cited (or built) on their own.
STRUCTURE = {
    *("id", "url", "legal_status", "standing", "name_withheld", "citations", "sources", "disputed"),
    *("case", "defendant", "defendants", "verdicts", "services"),
    *("contradicts", "derived_from"),
}

NOT_READ = ExtentRead.NOT_READ

IMPRISONMENT = (SentenceKind.IMPRISONMENT, SentenceKind.SUSPENDED)


class Violation(NamedTuple):
    """What is wrong with one record.

    rule: name of the broken rule. subject: id of the object at fault (a case, defendant, service,
    verdict, source or statistic). field: its field at fault; null = the whole object.
    """

    rule: str
    subject: str
    field: str | None
    detail: str

    def __str__(self) -> str:
        place = f"{self.subject}.{self.field}" if self.field else self.subject
        return f"{place}: {self.detail} [{self.rule}]"


Finding = tuple[str, str | None, str]
"""Subject, field, detail: a violation without the name of the rule, which the runner adds."""


def violations(document: Document) -> Iterator[Violation]:
    """Everything that is wrong with a record, over all rules that apply to its kind."""
    for kind, rules in RULES.items():
        if isinstance(document.row, kind):
            for rule in rules:
                for subject, field, detail in rule(document.row, document.content):
                    yield Violation(rule.__name__, subject, field, detail)


def every_fact_has_a_source(row: Model, content: Json) -> Iterator[Finding]:
    """Each value that is not null is named by a citation of the object it stands in, of a source
    that is believed and does not state something else instead."""
    for _, citing in citing_objects(content):
        cited = {
            field
            for citation in citing["citations"]
            if citation["rank"] != Rank.DEPRECATED
            for field in citation["fields"]
            if field not in citation["values"]
        }
        for field, value in citing.items():
            if field not in STRUCTURE and field not in cited and is_stated(value):
                yield citing["id"], field, "has no source"


def citations_name_known_fields(row: Model, content: Json) -> Iterator[Finding]:
    """A citation supports fields that exist, and states other values only for those."""
    for _, citing in citing_objects(content):
        for citation in citing["citations"]:
            for field in sorted({*citation["fields"], *citation["values"]}):
                if field not in citing or field in STRUCTURE:
                    yield citing["id"], field, f"is cited from {citation['source']} but unknown"
                elif field not in citation["fields"]:
                    yield citing["id"], field, f"has a value of {citation['source']} uncited"
                elif not is_stated(citing[field]) and field not in citation["values"]:
                    yield citing["id"], field, f"is cited from {citation['source']} but empty"


def cited_sources_are_published(row: Model, content: Json) -> Iterator[Finding]:
    """No citation points at a draft, which the public cannot see."""
    listed = {source["id"] for source in content["sources"]}
    for _, citing in citing_objects(content):
        for citation in citing["citations"]:
            if citation["source"] not in listed:
                yield citing["id"], None, f"cites {citation['source']}, which is a draft"


def cited_sources_were_read(row: Model, content: Json) -> Iterator[Finding]:
    """What is known only through others is cited through them."""
    unread = {source["id"] for source in content["sources"] if source["extent_read"] == NOT_READ}
    for _, citing in citing_objects(content):
        for citation in citing["citations"]:
            if citation["source"] in unread:
                yield citing["id"], None, f"cites {citation['source']}, which nobody read"


def dates_are_not_in_the_future(row: Model, content: Json) -> Iterator[Finding]:
    """What is reported has happened: no date can lie wholly after today."""
    today = _today()
    for subject, field, value in _dates(content):
        if value.earliest and value.earliest > today:
            yield subject, field, f"{value.value} lies in the future"


def prosecution_is_in_order(case: Case, content: Json) -> Iterator[Finding]:
    """Opened, then sent to court, then decided."""
    yield from _out_of_order(case, "opened", "sent_to_court")
    for verdict in case.verdicts.all():
        for before in ("opened", "sent_to_court"):
            if _after(getattr(case, before), verdict.date):
                yield verdict.pk, "date", f"lies before the case was {before.replace('_', ' ')}"
        if _after(verdict.date, verdict.reported):
            yield verdict.pk, "reported", "lies before the ruling"
        if verdict.changes and _after(verdict.changes.date, verdict.date):
            yield verdict.pk, "date", f"lies before {verdict.changes_id}, which it changes"


def service_is_in_order(case: Case, content: Json) -> Iterator[Finding]:
    """Born, recruited, under contract, in service, back: and each before a first verdict."""
    for defendant in case.defendants.all():
        yield from _out_of_order(defendant, "born", "recruitment_date")
        rulings = [verdict.date for verdict in defendant.verdicts.all() if verdict.date]
        for service in defendant.services.all():
            for before, after in (
                ("contract_signed", "ended"),
                ("began", "wounded_on"),
                ("began", "ended"),
                ("began", "returned_on"),
            ):
                yield from _out_of_order(service, before, after)
            if _after(defendant.recruitment_date, service.began):
                yield service.pk, "began", "lies before the recruitment"
            if any(_after(service.began, ruling) for ruling in rulings):
                yield service.pk, "began", "lies after a ruling about it"


def sentence_needs_conviction(case: Case, content: Json) -> Iterator[Finding]:
    """A term may stand only beside a conviction."""
    for verdict in case.verdicts.all():
        if verdict.outcome in (Outcome.CONVICTED, Outcome.CHANGED):
            continue
        for field in ("sentence_months", "sentence_days", "sentence_kind", "probation_months"):
            if getattr(verdict, field) is not None:
                yield verdict.pk, field, f"cannot stand beside the outcome {verdict.outcome}"


def sentence_has_a_kind(case: Case, content: Json) -> Iterator[Finding]:
    """A length alone would enter no average and be mistaken for prison."""
    for verdict in case.verdicts.all():
        length = verdict.sentence_months, verdict.sentence_days
        if length != (None, None) and verdict.sentence_kind is None:
            yield verdict.pk, "sentence_kind", "is missing beside the length of the sentence"


def sentence_is_within_the_articles(case: Case, content: Json) -> Iterator[Finding]:
    """A term of imprisonment lies in the range of an article charged, or was checked."""
    for verdict in case.verdicts.all():
        if verdict.range_checked or verdict.sentence_kind not in IMPRISONMENT:
            continue
        articles = verdict.articles.all() or case.charges.all()
        known = [article for article in articles if _range(article) != (None, None)]
        if verdict.sentence_months is None or not known:
            continue
        if not any(_holds(article, verdict) for article in known):
            ranges = ", ".join(f"{article.pk} {_printed(article)}" for article in known)
            yield (
                verdict.pk,
                "sentence_months",
                f"{verdict.sentence_months} months lie outside {ranges}; "
                "set range_checked once the source was read again",
            )


def withheld_names_stay_withheld(case: Case, content: Json) -> Iterator[Finding]:
    """Where a name is withheld, no full name goes out."""
    for defendant in case.defendants.all():
        if defendant.name_withheld:
            for name in defendant.names.all():
                if name.kind == NameKind.FULL:
                    yield defendant.pk, "names", "holds a full name although it is withheld"


def names_are_in_their_script(case: Case, content: Json) -> Iterator[Finding]:
    """The script of a name is that of its letters."""
    for defendant in case.defendants.all():
        for name in defendant.names.all():
            if names.script_of(name.text) != name.script:
                stray = names.stray_letter(name.text, whole=True)
                detail = stray or f"“{name.text}” is not written in {name.script}"
                yield defendant.pk, "names", detail


def nobody_is_called_guilty_before_a_final_conviction(
    case: Case, content: Json
) -> Iterator[Finding]:
    """No text of ours may say guilt while any defendant of the case is presumed innocent."""
    status = {item["id"]: item["legal_status"]["code"] for item in content["defendants"]}
    if all(code == LegalStatus.CONVICTED for code in status.values()):
        return
    for _, citing in citing_objects(content):
        owner = citing.get("defendant", citing["id"].rpartition("-S")[0] or citing["id"])
        if status.get(owner) == LegalStatus.CONVICTED:
            continue
        for field in citing:
            if field in STRUCTURE or field == "names":
                continue
            if word := GUILT.search(text_of(citing[field])):
                yield citing["id"], field, f"says “{word[0]}” of somebody presumed innocent"
        for citation in citing["citations"]:
            for field, value in citation["values"].items():
                if field != "names" and (word := GUILT.search(text_of(value))):
                    yield citing["id"], field, f"says “{word[0]}” of somebody presumed innocent"


def everything_belongs_to_the_case(case: Case, content: Json) -> Iterator[Finding]:
    """Courts and charges are of the case's country, rulings about the case's own people."""
    if case.region and case.country_id not in (case.region_id, case.region.parent_id):
        yield case.pk, "region", f"{case.region_id} does not lie in {case.country_id}"
    if case.court and not _lies_in(case.court, case.country_id):
        yield case.pk, "court", f"{case.court_id} does not lie in {case.country_id}"
    for article in case.charges.all():
        if article.country_id != case.country_id:
            yield case.pk, "charges", f"{article.pk} is no article of {case.country_id}"
    own = {defendant.pk for defendant in case.defendants.all()}
    if not own:
        yield case.pk, "defendants", "has none"
    for verdict in case.verdicts.all():
        if verdict.defendant_id not in own:
            yield verdict.pk, "defendant", f"{verdict.defendant_id} is of another case"
        if verdict.changes and verdict.changes.defendant_id != verdict.defendant_id:
            yield verdict.pk, "changes", f"{verdict.changes_id} is about another defendant"
        if verdict.court and not _lies_in(verdict.court, case.country_id):
            yield verdict.pk, "court", f"{verdict.court_id} does not lie in {case.country_id}"
        for article in verdict.articles.all():
            if article.country_id != case.country_id:
                yield verdict.pk, "articles", f"{article.pk} is no article of {case.country_id}"


def source_is_not_from_the_future(source: Source, content: Json) -> Iterator[Finding]:
    """A source was published before today, and read after that."""
    if source.published is None:
        return
    earliest = dates.parse(source.published).earliest
    if earliest and earliest > _today():
        yield source.pk, "published", f"{source.published} lies in the future"
    # Where a day begins first, it does so 14 hours before it does in UTC.
    if earliest and source.captured and (source.captured + timedelta(hours=14)).date() < earliest:
        yield source.pk, "captured", "lies before the source was published"


Rule = Callable[[Any, Json], Iterator[Finding]]

SOURCED: list[Rule] = [
    every_fact_has_a_source,
    citations_name_known_fields,
    cited_sources_are_published,
    cited_sources_were_read,
    dates_are_not_in_the_future,
]

RULES: dict[type[Model], list[Rule]] = {
    Case: [
        *SOURCED,
        prosecution_is_in_order,
        service_is_in_order,
        sentence_needs_conviction,
        sentence_has_a_kind,
        sentence_is_within_the_articles,
        withheld_names_stay_withheld,
        names_are_in_their_script,
        nobody_is_called_guilty_before_a_final_conviction,
        everything_belongs_to_the_case,
    ],
    Statistic: [
        *SOURCED,
        figure_has_a_value_or_says_why_not,
        contradicting_figures_exclude_each_other,
    ],
    Source: [source_is_not_from_the_future],
}


def is_stated(value: Any) -> bool:
    """Whether a value says anything: null, an empty list and an object of nulls do not."""
    if isinstance(value, dict):
        return any(map(is_stated, value.values()))
    return value is not None and value != []


def _today() -> date:
    """Today where a day begins first, 14 hours before it does in UTC."""
    return datetime.now(timezone(timedelta(hours=14))).date()


def _dates(content: Json) -> Iterator[tuple[str, str, dates.PartialDate]]:
    for _, citing in citing_objects(content):
        for field, value in citing.items():
            if field not in STRUCTURE and isinstance(value, dict):
                for part in (value, *value.values()):
                    if isinstance(part, dict) and "earliest" in part:
                        yield citing["id"], field, dates.parse(part["value"])


def _out_of_order(row: Any, before: str, after: str) -> Iterator[Finding]:
    if _after(getattr(row, before), getattr(row, after)):
        yield row.pk, after, f"lies before {before}"


def _after(first: str | None, second: str | None) -> bool:
    """Whether `first` certainly lies after `second`; never, when one is unknown."""
    if first is None or second is None:
        return False
    earliest, latest = dates.parse(first).earliest, dates.parse(second).latest
    return bool(earliest and latest and earliest > latest)


def _lies_in(court: Court, country: str) -> bool:
    return country in (court.region_id, court.region.parent_id)


def _range(article: Article) -> tuple[int | None, int | None]:
    return article.min_months, article.max_months


def _holds(article: Article, verdict: Verdict) -> bool:
    least, most = _range(article)
    term = verdict.sentence_months or 0
    above = most is not None and (term > most or (term == most and bool(verdict.sentence_days)))
    return not above and (least is None or term >= least)


def _printed(article: Article) -> str:
    least, most = ("?" if bound is None else bound for bound in _range(article))
    return f"({least} to {most})"
