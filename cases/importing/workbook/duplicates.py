"""New rows that may be a record which is there already; an editor decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from cases import dates, names
from cases.addresses import source_key
from cases.importing.workbook.documents import Record
from cases.importing.workbook.identities import Identities, Rows
from cases.importing.workbook.rows import Row
from cases.models import Case, Name, Source, Statistic, Verdict

Content = dict[str, Any]

# Rulings in one matter follow each other within this time; a retrial comes later.
NEAR = timedelta(days=365)


class Like(NamedTuple):
    """A record that a row may be. reason: what they have in common. stored: false for another row
    of the same workbook, which `id` then names."""

    id: str
    reason: str
    stored: bool = True


@dataclass(eq=False)
class Duplicate:
    """A row that an editor must decide on: it is new, the same as one of these, or skipped."""

    row: Row
    title: str
    likes: list[Like]

    @property
    def key(self) -> str:
        """Names the row in a form."""
        return f"decision/{self.row.sheet.name}/{self.row.number}"


def duplicates(records: list[Record], rows: Rows, who: Identities) -> list[Duplicate]:
    """All rows that may be something else, but for those that are decided, or must be mended
    before anybody can tell."""
    found: dict[Row, list[Like]] = defaultdict(list)
    for row, like in _all(records, rows, who):
        if like not in found[row]:
            found[row].append(like)
    return [
        Duplicate(row, _title(row, who), likes)
        for row, likes in found.items()
        if "decision" not in row.values and not row.faulty
    ]


def _all(records: list[Record], rows: Rows, who: Identities) -> Iterator[tuple[Row, Like]]:
    new = {
        sheet: [row for row in sheet_rows if row.sheet.columns.get("id") and who.is_new(row)]
        for sheet, sheet_rows in rows.items()
    }
    yield from _sources(new.get("sources", []), who)
    yield from _statistics(new.get("statistics", []), who)
    yield from _people(records, who)
    yield from _parts(records)


def _title(row: Row, who: Identities) -> str:
    values = row.values
    told = values.get("title") or values.get("url") or values.get("summary_en") or ""
    if row.sheet.name == "statistics":
        told = " ".join(
            str(values[name])
            for name in ("measure", "country", "period", "value")
            if name in values
        )
    return str(told)[:120]


def _sources(new: list[Row], who: Identities) -> Iterator[tuple[Row, Like]]:
    """The same address, apart from scheme, `www.`, trailing slash and tracking parameters."""
    columns = ("url", "original_url", "archive_url")
    wanted: dict[str, list[Row]] = defaultdict(list)
    for row in new:
        for address in {source_key(row.values[name]) for name in columns if name in row.values}:
            if address:
                wanted[address].append(row)
    if not wanted:
        return
    for pk, *addresses in Source.objects.values_list("pk", *columns).iterator():
        for address in {source_key(url) for url in addresses if url}:
            for row in wanted.get(address, ()):
                yield row, Like(pk, f"same address {address}")
    yield from _within(wanted, "same address", who)


def _statistics(new: list[Row], who: Identities) -> Iterator[tuple[Row, Like]]:
    """The same figure of the same thing. Another figure is a rival, and stands beside it."""
    fields = ("measure", "country", "formation", "outcome", "procedure", "period")
    figures = ("value", "value_min", "value_max")
    wanted: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in new:
        if any(name in row.values for name in figures):
            wanted[tuple(row.values.get(name) for name in (*fields, *figures))].append(row)
    if not wanted:
        return
    columns = [f"{name}_id" if name in ("country", "formation") else name for name in fields]
    for pk, *values in Statistic.objects.values_list("pk", *columns, *figures).iterator():
        for row in wanted.get(tuple(values), ()):
            yield row, Like(pk, "same measure, country, period and figure")
    yield from _within(wanted, "same measure, country, period and figure", who)


def _within(
    wanted: dict[Any, list[Row]], reason: str, who: Identities
) -> Iterator[tuple[Row, Like]]:
    """Rows of one workbook that say the same."""
    for rows in wanted.values():
        for row in rows[1:]:
            yield row, Like(f"row {rows[0].number}", f"{reason}, in this workbook", stored=False)


@dataclass(eq=False)
class _Person:
    """Somebody in a case. words: of each name, in all readings."""

    case: str
    courts: set[str]
    days: list[dates.PartialDate]
    row: Row | None = None


def _people(records: list[Record], who: Identities) -> Iterator[tuple[Row, Like]]:
    """New cases against somebody of the same name, unless courts and dates say otherwise."""
    index = _Names()
    found: list[_Person] = []
    for record in records:
        row, _ = record.cells.get((), (None, ""))
        if record.kind != "case" or record.stored or row is None:
            continue
        content = record.content
        person = _Person(record.id, set(), [], row)
        rulings = [item for item in content.get("verdicts", []) if isinstance(item, dict)]
        person.courts = {ruling["court"] for ruling in rulings if "court" in ruling}
        person.courts |= {content["court"]} if "court" in content else set()
        said = [ruling.get("date") or ruling.get("reported") for ruling in rulings]
        person.days = list(_parsed([*said, content.get("opened"), content.get("sent_to_court")]))
        for item in content["defendants"]:
            for name in item.get("names", []):
                for other, text in index.like(name.get("text", "")):
                    if other is not person and _fits(person, other):
                        number = other.row.number if other.row else 0
                        reason = f"same name {text}, in this workbook"
                        yield row, Like(f"row {number}", reason, stored=False)
                index.add(name.get("text", ""), person)
        found.append(person)
    if not index:
        return
    yield from _stored_people(index)


def _stored_people(index: "_Names") -> Iterator[tuple[Row, Like]]:
    alike: dict[str, list[tuple[_Person, str]]] = defaultdict(list)
    stored = Name.objects.values_list("text", "defendant__case").iterator()
    for text, case in stored:
        alike[case] += [(person, text) for person, _ in index.like(text)]
    alike = {case: pairs for case, pairs in alike.items() if pairs}
    courts: dict[str, set[str]] = defaultdict(set)
    said: dict[str, list[str | None]] = defaultdict(list)
    for pk, court, *days in Case.objects.filter(pk__in=alike).values_list(
        "pk", "court", "opened", "sent_to_court"
    ):
        courts[pk] |= {court} - {None}
        said[pk] += days
    for pk, court, *days in Verdict.objects.filter(case__in=alike).values_list(
        "case", "court", "date", "reported"
    ):
        courts[pk] |= {court} - {None}
        said[pk] += days
    for pk, pairs in sorted(alike.items()):
        other = _Person(pk, courts[pk], list(_parsed(said[pk])))
        for person, text in pairs:
            if person.row is not None and _fits(person, other):
                yield person.row, Like(pk, f"same name {text}{_common(person, other)}")


def _fits(one: _Person, other: _Person) -> bool:
    """Whether two cases may be one: not if both their courts and their dates are known and far
    from each other."""
    apart = bool(one.courts and other.courts and not one.courts & other.courts)
    return not apart or not (one.days and other.days) or _near(one, other)


def _near(one: _Person, other: _Person) -> bool:
    return any(
        (first.earliest or second.earliest) is not None
        and (not first.earliest or not second.latest or first.earliest - second.latest <= NEAR)
        and (not second.earliest or not first.latest or second.earliest - first.latest <= NEAR)
        for first in one.days
        for second in other.days
    )


def _common(one: _Person, other: _Person) -> str:
    return (", same court" if one.courts & other.courts else "") + (
        ", near date" if _near(one, other) else ""
    )


def _parsed(said: Iterable[Any]) -> Iterator[dates.PartialDate]:
    for value in said:
        if value:
            yield dates.parse(value)


class _Names:
    """Names of the workbook by their words, however they are spelt."""

    def __init__(self) -> None:
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._names: list[tuple[_Person, str, list[frozenset[str]]]] = []

    def __len__(self) -> int:
        return len(self._names)

    def add(self, text: str, person: _Person) -> None:
        words = _words(text)
        if len(words) > 1:
            for word in words:
                for reading in word:
                    self._by_word[reading].add(len(self._names))
            self._names.append((person, text, words))

    def like(self, text: str) -> Iterator[tuple[_Person, str]]:
        """Who has a name of which all words are in this one, or the other way round."""
        words = _words(text)
        if len(words) < 2:
            return
        found = [set().union(*(self._by_word.get(word, ()) for word in alike)) for alike in words]
        # Two words must meet, so one that is not the commonest.
        rare = sorted(found, key=len)[:-1]
        for number in sorted(set().union(*rare)):
            person, other, other_words = self._names[number]
            short, long = sorted((words, other_words), key=len)
            if all(any(word & candidate for candidate in long) for word in short):
                yield person, other


def _words(text: str) -> list[frozenset[str]]:
    """The words of a name in all readings; without initials, which say little."""
    return [names.readings(word) for word in names.words(text) if len(word) > 1]


def _parts(records: list[Record]) -> Iterator[tuple[Row, Like]]:
    """Rows that add to a case something that it may have already."""
    for record in records:
        if record.kind != "case" or not record.stored:
            continue
        known = set(_ids(record.stored))
        new = {
            record.at(place)["id"]: row
            for place, (row, column) in record.cells.items()
            if not column and place[-2:-1] in (("defendants",), ("verdicts",), ("services",))
        }
        new = {public_id: row for public_id, row in new.items() if public_id not in known}
        stored, content = record.stored, record.content
        for item in content["defendants"]:
            others = stored["defendants"] if item["id"] in new else ()
            for other in others:
                yield new[item["id"]], Like(other["id"], "a defendant of the same case")
            services = [one for one in item.get("services", []) if one["id"] not in new]
            for service in item.get("services", []):
                for other in services if service["id"] in new else ():
                    if service.get("formation") in (other.get("formation"), None):
                        reason = "same defendant and formation"
                        yield new[service["id"]], Like(other["id"], reason)
        for ruling in content.get("verdicts", []):
            for other in stored.get("verdicts", []) if ruling["id"] in new else ():
                if _same_ruling(ruling, other):
                    reason = "same defendant and instance"
                    yield new[ruling["id"]], Like(other["id"], reason)


def _ids(case: Content) -> Iterator[str]:
    for item in case["defendants"]:
        yield item["id"]
        yield from (service["id"] for service in item.get("services", []))
    yield from (ruling["id"] for ruling in case.get("verdicts", []))


def _same_ruling(new: Content, other: Content) -> bool:
    if any(new.get(name) != other.get(name) for name in ("defendant", "instance")):
        return False
    days = [list(_parsed([item.get("date")])) for item in (new, other)]
    return not all(days) or _near(_Person("", set(), days[0]), _Person("", set(), days[1]))
