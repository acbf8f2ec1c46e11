"""What changed between two versions of a case: fact by fact, in the words of the page."""

import re
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from cases.web.records import fields, values
from cases.web.records.facts import is_known
from cases.web.records.values import Field, Json

PLACE = re.compile("</?data[^>]*>")


@dataclass(frozen=True)
class Change:
    """where: the object, such as KZ-0001-D1; before, after: empty = unknown."""

    where: str
    label: str
    before: str
    after: str


def of_cases(before: Json, after: Json) -> list[Change]:
    return _compare(_facts(before), _facts(after))


def of_statistics(before: Json, after: Json) -> list[Change]:
    return _compare(_of(before, fields.STATISTIC), _of(after, fields.STATISTIC))


def of_sources(before: Json, after: Json) -> list[Change]:
    return _compare(_of(before, fields.SOURCE), _of(after, fields.SOURCE))


# By object and field: what the field is called, and its value as it is written.
Facts = dict[tuple[str, str], tuple[str, str]]


def _facts(document: Json) -> Facts:
    summary: list[Field] = [("summary", gettext("Summary"), values.text)]
    found = _of(document, [*fields.CASE, *summary])
    for person in document["defendants"]:
        found |= _of(person, fields.DEFENDANT)
        found |= _of(person["recruitment"] or {}, fields.RECRUITMENT, person["id"])
        for service in person["services"]:
            found |= _of(service, fields.SERVICE)
    for ruling in document["verdicts"]:
        found |= _of(ruling, fields.VERDICT)
    return found


def _of(thing: Json, shown: list[Field], named: str = "") -> Facts:
    where = named or thing["id"]
    facts = {
        (where, name): (str(label), show(thing[name], ""))
        for name, label, show in shown
        if is_known(thing.get(name))
    }
    if "citations" in thing:
        facts[where, "citations"] = (gettext("Sources"), ", ".join(_sources(thing)))
    return facts


def _sources(thing: Json) -> list[str]:
    return sorted({citation["source"] for citation in thing["citations"]})


def _compare(before: Facts, after: Facts) -> list[Change]:
    changes = []
    for key in dict.fromkeys([*before, *after]):
        label, old = before.get(key, ("", ""))
        new_label, new = after.get(key, ("", ""))
        if strip_tags(old) != strip_tags(new):
            label = new_label or label
            changes.append(Change(key[0], label, _without_place(old), _without_place(new)))
    return changes


def _without_place(shown: str) -> str:
    """Numbers of a past version are nowhere in the answer that the page is made of."""
    if not isinstance(shown, SafeString):
        return shown
    return mark_safe(PLACE.sub("", shown))  # nosec B308 B703
