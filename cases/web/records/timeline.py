"""When things happened: each event as a span between its first and its last possible day.

Places on the line are percentages of its width, so that it fits any screen without a script.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.utils.html import format_html
from django.utils.translation import gettext

from cases.web import vocabularies
from cases.web.records.facts import Fact, Note
from cases.web.records.values import Json
from cases.web.templatetags.words import date as in_words
from cases.web.words import locale

# Percent of the line that a day at least takes, so that it can be seen.
NARROWEST = 0.9
# Years that can be written below the line without touching each other.
MOST_TICKS = 7


@dataclass(frozen=True)
class Span:
    """start, width: percent of the line. certain: it was so all that time, not once within it."""

    start: float
    width: float
    certain: bool = False


@dataclass(frozen=True)
class Event:
    """label: what happened; when: in words; kind: for colours."""

    label: str
    when: str
    kind: str
    notes: list[Note]
    earliest: date
    latest: date
    # What is known to lie between a beginning and an end; null = it is one event.
    through: tuple[date, date] | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """ticks: years, or months where time is short, with their places in percent."""

    events: list[Event]
    ticks: list[tuple[str, float]]


def event(label: str, kind: str, value: Json | None, notes: list[Note]) -> Event | None:
    """An event of one partial date; null = not known, or known without any day."""
    if not value or not (value["earliest"] or value["latest"]):
        return None
    earliest = value["earliest"] or value["latest"]
    latest = value["latest"] or value["earliest"]
    return Event(
        label,
        in_words(value),
        kind,
        notes,
        date.fromisoformat(earliest),
        date.fromisoformat(latest),
    )


def period(label: str, kind: str, began: Json, ended: Json, notes: list[Note]) -> Event | None:
    """What lasted from one partial date to another."""
    first, last = event(label, kind, began, notes), event(label, kind, ended, notes)
    if first is None or last is None:
        return first or last
    when = format_html("{} – {}", first.when, last.when)
    certain = (first.latest, last.earliest) if first.latest <= last.earliest else None
    return Event(label, when, kind, notes, first.earliest, last.latest, certain)


def drawn(events: list[Event]) -> Timeline | None:
    """Events in the order of time, with their places on the line; null = there are none."""
    if not events:
        return None
    ordered = sorted(events, key=lambda one: (one.earliest, one.latest))
    first, last = ordered[0].earliest, max(one.latest for one in ordered)
    room = max((last - first) / 30, timedelta(days=20))
    first, last = first - room, last + room
    whole = (last - first).days

    def place(day: date) -> float:
        return round(100 * (day - first).days / whole, 2)

    def span(start: date, end: date, certain: bool) -> Span:
        width = max(place(end + timedelta(days=1)) - place(start), NARROWEST)
        return Span(place(start), round(width, 2), certain)

    def spans(one: Event) -> tuple[Span, ...]:
        whole = span(one.earliest, one.latest, one.earliest == one.latest)
        return (whole, span(*one.through, True)) if one.through else (whole,)

    placed = [Event(**{**vars(one), "spans": spans(one)}) for one in ordered]
    return Timeline(placed, [(label, place(day)) for label, day in _ticks(first, last)])


def _ticks(first: date, last: date) -> list[tuple[str, date]]:
    """First days of years, or of quarters where there would be too few."""
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    within = [day for day in years if first < day <= last]
    if len(within) > 2:
        step = 1 + len(within) // (MOST_TICKS + 1)
        return [(str(day.year), day) for day in within[::-step]]
    quarters = [date(day.year, month, 1) for day in years for month in (1, 4, 7, 10)]
    ticks = [day for day in quarters if first < day < last]
    return [(_month(day, day == ticks[0]), day) for day in ticks]


def _month(day: date, is_first: bool) -> str:
    """The first names its year, as no January may follow."""
    if day.month == 1:
        return str(day.year)
    return format_date(day, "LLL y" if is_first else "LLL", locale=locale())


def of_case(document: Json, facts: dict[str, Fact]) -> Timeline | None:
    """From recruitment to the last ruling. facts: all of the page, by their pointers."""
    several = len(document["defendants"]) > 1

    def notes(*pointers: str) -> list[Note]:
        found = {note.number: note for at in pointers if at in facts for note in facts[at].notes}
        return [found[number] for number in sorted(found)]

    def who(label: str, index: int) -> str:
        return (
            f"{label} ({document['defendants'][index]['id'].rpartition('-')[2]})"
            if several
            else label
        )

    events = [
        event(gettext("Case opened"), "case", document["opened"], notes("/opened")),
        event(gettext("Sent to court"), "case", document["sent_to_court"], notes("/sent_to_court")),
    ]
    for index, person in enumerate(document["defendants"]):
        at = f"/defendants/{index}"
        recruited = (person["recruitment"] or {}).get("date")
        events += [
            event(
                who(gettext("Recruited"), index),
                "service",
                recruited,
                notes(f"{at}/recruitment/date"),
            ),
            event(
                who(gettext("Detained"), index),
                "case",
                person["detained_on"],
                notes(f"{at}/detained_on"),
            ),
        ]
        for number, service in enumerate(person["services"]):
            in_it = f"{at}/services/{number}"
            for field, label in (
                ("contract_signed", gettext("Contract signed")),
                ("wounded_on", gettext("Wounded")),
                ("returned_on", gettext("Returned")),
            ):
                events.append(
                    event(who(label, index), "service", service[field], notes(f"{in_it}/{field}"))
                )
            events.append(
                period(
                    who(gettext("Service"), index),
                    "service",
                    service["began"],
                    service["ended"],
                    notes(f"{in_it}/began", f"{in_it}/ended"),
                )
            )
    people = [person["id"] for person in document["defendants"]]
    for index, ruling in enumerate(document["verdicts"]):
        at = f"/verdicts/{index}"
        field = "date" if ruling["date"] else "reported"
        label = gettext("Ruling") if ruling["date"] else gettext("Ruling reported")
        if ruling["outcome"]:
            label += f": {vocabularies.label('Outcome', ruling['outcome'])}"
        label = who(label, people.index(ruling["defendant"]))
        events.append(event(label, "ruling", ruling[field], notes(f"{at}/{field}")))
    return drawn([one for one in events if one])
