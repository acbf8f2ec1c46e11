"""Facts with who says so: each value of a document with the numbers of its sources, and beside it
what other sources state instead."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags

from cases.web.answers import Answers, ProblemError
from cases.web.records import locators
from cases.web.records.fields import RECRUITMENT
from cases.web.records.values import Field, Json, Shown
from cases.web.templatetags.words import date, plain

# Fields that refer to an entry, by the list of the API that holds it.
CODED = {
    "region": "regions",
    "residence_region": "regions",
    "court": "courts",
    "formation": "formations",
    "charges": "articles",
    "articles": "articles",
}


@dataclass(frozen=True)
class Note:
    """One source of a value. number: of the source in the list at the end of the page.
    said: who, when and where in it, in one line."""

    number: int
    publisher: str
    said: str


@dataclass(frozen=True)
class Rival:
    """What sources state instead. rejected: the editors think it a mistake of theirs."""

    value: str
    notes: list[Note]
    rejected: bool


@dataclass(frozen=True)
class Fact:
    """field: its name in the API; pointer: where it stands in the document; of: the id of the
    person, ruling or service that it is about, empty = of the record itself."""

    of: str
    field: str
    label: str
    value: str
    pointer: str
    notes: list[Note]
    rivals: list[Rival]
    disputed: bool


class Footnotes:
    """Numbers the sources of a document, in the order of its list: cited ones come first."""

    def __init__(self, document: Json, answers: Answers) -> None:
        self._answers = answers
        self.sources: list[Json] = document["sources"]
        self.disputed = set(document["disputed"])
        self._places = {source["id"]: index for index, source in enumerate(self.sources)}

    def note(self, citation: Json) -> Note:
        place = self._places[citation["source"]]
        source = self.sources[place]
        publisher = plain(source["publisher"]["name"])
        said = [publisher]
        if source["published"]:
            said.append(strip_tags(date(source["published"])))
        if citation["locator"]:
            said.append(locators.in_words(citation["locator"]))
        return Note(place + 1, publisher, ", ".join(said))

    def facts(self, thing: Json, pointer: str, fields: list[Field]) -> list[Fact]:
        """The known facts of one object. pointer: where the object stands."""
        return [
            self._fact(thing, name, str(label), shown, f"{pointer}/{name}")
            for name, label, shown in fields
            if is_known(thing.get(name)) or self._rivals(thing, name, shown, pointer)
        ]

    def recruitment(self, defendant: Json, pointer: str) -> list[Fact]:
        """The parts of `recruitment`, which sources are cited for as a whole."""
        known = defendant["recruitment"] or {}
        at = f"{pointer}/recruitment"
        notes = self._notes(defendant["citations"], "recruitment")
        facts = []
        for name, label, shown in RECRUITMENT:
            rivals = self._rivals(defendant, "recruitment", _part(name, shown), pointer)
            rivals = [rival for rival in rivals if rival.value]
            if is_known(known.get(name)) or rivals:
                value = shown(known[name], f"{at}/{name}") if is_known(known.get(name)) else ""
                differ = at in self.disputed and bool(rivals)
                facts.append(
                    Fact(
                        defendant["id"],
                        name,
                        str(label),
                        value,
                        f"{at}/{name}",
                        notes,
                        rivals,
                        differ,
                    )
                )
        return facts

    def _fact(self, thing: Json, name: str, label: str, shown: Shown, pointer: str) -> Fact:
        value = thing.get(name)
        return Fact(
            of=thing["id"] if pointer.count("/") > 1 else "",
            field=name,
            label=label,
            value=shown(value, pointer) if is_known(value) else "",
            pointer=pointer,
            notes=self._notes(thing["citations"], name),
            rivals=self._rivals(thing, name, shown, pointer.removesuffix(f"/{name}")),
            disputed=pointer in self.disputed,
        )

    def _notes(self, citations: list[Json], field: str) -> list[Note]:
        found = {
            (note.number, note.said): note
            for citation in citations
            if field in citation["fields"] and field not in citation["values"]
            for note in [self.note(citation)]
        }
        return sorted(found.values(), key=lambda note: note.number)

    def _rivals(self, thing: Json, field: str, shown: Shown, pointer: str) -> list[Rival]:
        """One for each other value, with all who state it."""
        found: dict[str, Rival] = {}
        for index, citation in enumerate(thing["citations"]):
            if field not in citation["values"]:
                continue
            stated = self._named(field, citation["values"][field])
            value = shown(stated, f"{pointer}/citations/{index}/values/{field}")
            rejected = citation["rank"] == "deprecated"
            # Who states the same stands together, though each has a place of its own.
            rival = found.setdefault(f"{rejected} {stated}", Rival(value, [], rejected))
            rival.notes.append(self.note(citation))
        return list(found.values())

    def _named(self, field: str, stated: Any) -> Any:
        """What a source states, where it is the code of something, with its name: as in the
        document itself."""
        if (plural := CODED.get(field)) is None:
            return stated
        if isinstance(stated, list):
            return [self._named(field, one) for one in stated]
        if not isinstance(stated, str):
            return stated
        try:
            return self._answers.get(f"{plural}/{stated}/")
        except ProblemError:  # withdrawn since
            return {"id": stated, "code": stated, "name": {"en": stated}}


def _part(name: str, shown: Shown) -> Shown:
    """Of a value with parts, the one."""
    return lambda value, pointer: (
        shown(value[name], f"{pointer}/{name}") if is_known(value.get(name)) else ""
    )


def sources(document: Json) -> Json:
    """The sources of a document with their numbers and with those they rely on; `behind` are the
    ones that nothing is cited to."""
    places = {source["id"]: number for number, source in enumerate(document["sources"], 1)}
    numbered = [
        {
            **source,
            "number": places[source["id"]],
            "relies_on": [(places[one], one) for one in source["cites"] if one in places],
        }
        for source in document["sources"]
    ]
    return {
        "sources": [source for source in numbered if source["cited"]],
        "behind": [source for source in numbered if not source["cited"]],
    }


def is_known(value: Any) -> bool:
    """Unknown is null, or a list of nothing. False is known."""
    return value is not None and value != [] and value != {}
