"""The page of one case: what is known of it, and behind every value who says so."""

from cases.web.answers import Json
from cases.web.pages import Page
from cases.web.records import differences, fields, timeline, values
from cases.web.records.facts import Fact, Footnotes, sources
from cases.web.records.history import versions
from cases.web.records.people import called, called_here
from cases.web.templatetags.words import plain

# Rulings that later ones left nothing of, or something else of.
OVERTURNED = ("annulled", "changed")
SENTENCE = ("sentence_kind", "sentence_months", "court")


class CasePage(Page):
    template = "web/records/case.html"

    def show(self) -> Json:
        public_id = self.kwargs["public_id"]
        document = self.answers.record(f"cases/{public_id}/")
        notes = Footnotes(document, self.answers)
        case = notes.facts(document, "", fields.CASE)
        people = [_person(notes, document, index) for index in range(len(document["defendants"]))]
        rulings = [_ruling(notes, document, index) for index in range(len(document["verdicts"]))]
        summary = notes.facts(document, "", [("summary", "", values.text)])
        every = [*case, *summary]
        for person in people:
            every += [*person["facts"], *person["recruitment"]]
            every += [fact for service in person["services"] for fact in service["facts"]]
        every += [fact for ruling in rulings for fact in ruling["facts"]]
        return {
            "case": document,
            "title": ", ".join(map(called, document["defendants"])),
            "said": plain(document["summary"]),
            "facts": case,
            "summary": next(iter(summary), None),
            "glance": _glance(people, rulings),
            "people": people,
            "rulings": rulings,
            "disputes": [fact for fact in every if fact.disputed],
            "timeline": timeline.of_case(document, {fact.pointer: fact for fact in every}),
            **sources(document),
            "versions": versions(self, f"cases/{public_id}/", differences.of_cases),
            "json": f"/api/v1/cases/{public_id}/",
            "cited_as": public_id,
            "card": public_id,
        }


def _person(notes: Footnotes, document: Json, index: int) -> Json:
    person, at = document["defendants"][index], f"/defendants/{index}"
    return {
        "record": person,
        "name": called_here(person),
        "facts": notes.facts(person, at, fields.DEFENDANT),
        "recruitment": notes.recruitment(person, at),
        "services": [
            {"record": one, "facts": notes.facts(one, f"{at}/services/{number}", fields.SERVICE)}
            for number, one in enumerate(person["services"])
        ],
        "rulings": [one for one in document["verdicts"] if one["defendant"] == person["id"]],
    }


def _ruling(notes: Footnotes, document: Json, index: int) -> Json:
    ruling = document["verdicts"][index]
    person = next(one for one in document["defendants"] if one["id"] == ruling["defendant"])
    facts = notes.facts(ruling, f"/verdicts/{index}", fields.VERDICT)
    return {
        "record": ruling,
        "name": called_here(person),
        "facts": facts,
        "by": {fact.field: fact for fact in facts},
    }


def _glance(people: list[Json], rulings: list[Json]) -> list[Fact]:
    """What most readers look for first; only of one person, as several are no glance."""
    if len(people) != 1:
        return []
    standing = [one for one in rulings if one["record"]["standing"] not in OVERTURNED]
    sentences = [one["by"] for one in standing if "sentence_kind" in one["by"]]
    said = [by[name] for by in sentences[-1:] for name in SENTENCE if name in by]
    served = {
        fact.value: fact
        for service in people[0]["services"]
        for fact in service["facts"]
        if fact.field == "formation"
    }
    return [*said, *served.values()]
