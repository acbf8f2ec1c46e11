"""A name that is hidden in a text is redacted like any other, and cannot come back hidden.

The people are invented, as is every other fact.
"""

from itertools import islice

import orjson
import pytest

from cases.models import (
    Case,
    Citation,
    Defendant,
    Publication,
    PublishedCase,
    PublishedRecord,
    Service,
    Source,
    Statistic,
    Verdict,
    published,
)
from cases.publishing.ledger import diff, ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.vocabulary import RecordKind
from tests import databases, synthetic
from tests.publishing.hidden import FORMS
from tests.publishing.test_finding_hidden_names import seen

PERSON = "KZ-9001-D1"
FIRST, LAST = "Zarzuk", "Blimpov"
NOTE = "On request of the person"


def stored_before(rows, **fields):
    """Fields of rows as they were stored before characters were looked at."""
    rows.update(**fields)


def multilingual(forms):
    return dict(zip(("en", "ru", "kk"), forms, strict=False))


def _plant():
    with pytest.MonkeyPatch.context() as patch:
        # As it was before invisible characters were refused.
        patch.setattr("cases.publishing.plain.violations", lambda document: ())
        return _hidden()


def _hidden():
    synthetic.case(defendant={"names": [(f"{FIRST} {LAST}", "full")]})
    other = synthetic.case("KZ-9002", defendant={"names": [("Other Human", "full")]})
    synthetic.statistic()
    forms = iter(FORMS)

    def some(count=3):
        found = [FORMS[name](FIRST, LAST) for name in islice(forms, count)]
        return [f"The court heard {form} in May." for form in found]

    case = Case.objects.filter(pk="KZ-9001")
    stored_before(case, summary=multilingual(some()), remarks=multilingual(some()), note=some(1)[0])
    stored_before(
        Defendant.objects.filter(pk=PERSON),
        remarks=multilingual(some()),
        recruitment_promises=multilingual(some()),
        recruitment_coercion=multilingual(some()),
        recruitment_place=multilingual(some()),
        recruitment_recruited_by=multilingual(some()),
    )
    stored_before(
        Service.objects.filter(defendant=PERSON),
        places={"en": some(2)},
        duties=multilingual(some()),
        training=multilingual(some()),
        remarks=multilingual(some()),
    )
    stored_before(Verdict.objects.filter(defendant=PERSON), remarks=multilingual(some()))
    stored_before(Statistic.objects.all(), remarks=multilingual(some()))
    stored_before(Case.objects.filter(pk=other.pk), summary=multilingual(some()))
    stored_before(
        Source.objects.all(),
        title=some(1)[0],
        url=f"https://synthetic.example/{FIRST}{LAST}-2024.html".lower(),
        original_url="https://synthetic.example/%D0%97%D0%B0%D1%80%D0%B7%D1%83%D0%BA-blimpov",
        archive_url=f"https://archive.example/2024/https://s.example/{LAST.lower()}judged",
    )
    for row in (*Case.objects.all(), *Defendant.objects.all(), *Service.objects.all()):
        synthetic.cite(row)
    for row in (*Verdict.objects.all(), *Statistic.objects.all()):
        synthetic.cite(row)
    Citation.objects.filter(verdict__case="KZ-9001").update(locator="¶ Blim\u200bpov")
    ledger.publish("First")
    Publication.objects.update(note="Zar\u200bzuk Blim\u00adpov was sentenced")
    published_note = Publication.objects.get()
    published_note.entries.update(note=published_note.note)
    return other


planted_once = databases.written_once(_plant)


@pytest.fixture
def planted(planted_once, db, monkeypatch):
    """Published with the name hidden in every way and in every field that holds text. Another
    case."""
    monkeypatch.setattr("cases.publishing.plain.violations", lambda document: ())
    return Case.objects.get(pk=planted_once.pk)


def told(text):
    return [name for name in (FIRST, LAST) if seen(name) in seen(text)]


def strings(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, str):
        yield value


def bodies():
    for kind in RecordKind:
        for row in published(kind):
            assert isinstance(row, PublishedRecord)
            yield kind, row.public_id, orjson.loads(row.body)


def test_a_hidden_name_is_in_no_document_and_found_by_no_word_afterwards(planted):
    before = [text for _, _, body in bodies() for text in strings(body) if told(text)]
    assert len(before) > 30
    redacting.redact(redacting.find(PERSON), NOTE)
    for kind, public_id, body in bodies():
        for text in strings(body):
            assert not told(text.replace("[name withheld]", " ")), (kind, public_id, text)
    assert not told(Publication.objects.get(number=1).note)
    for model in (PublishedCase,):
        words = {word for row in model.objects.all() for word in row.words}
        assert not [word for word in words if told(word)]
    for model in (Case, Defendant, Service, Verdict, Statistic, Source, Citation):
        for row in model.objects.values():
            assert not [text for text in strings(row) if told(text)], (model, row)


def test_a_bystander_keeps_name_and_text(planted):
    redacting.redact(redacting.find(PERSON), NOTE)
    assert planted.defendants.get().names.get().text == "Other Human"
    body = orjson.loads(PublishedCase.objects.current().get(public_id="KZ-9002").body)
    assert "[name withheld]" in body["summary"]["en"]
    assert body["defendants"][0]["names"][0]["text"] == "Other Human"


@pytest.mark.parametrize(
    "text",
    ["Zar\u200bzuk Blim\u200bpov", "#ZarzukBlimpov", "Blim-\npov", "Blim&#112;ov", "Blimрov"],
)
def test_a_hidden_name_does_not_come_back(db, text):
    synthetic.case(defendant={"names": [(f"{FIRST} {LAST}", "full")]})
    ledger.publish()
    redacting.redact(redacting.find(PERSON), NOTE)
    synthetic.change(Case.objects.get(pk="KZ-9001"), summary=synthetic.text(f"About {text}."))
    broken = {(found.rule, found.field) for found in diff.preview().violations}
    assert ("redacted_names_stay_redacted", "summary") in broken


@pytest.mark.parametrize(
    "note", ["Asked by #ZarzukBlimpov", "Blim\u200bpov asked", "Blim-pov asked"]
)
def test_a_note_with_a_hidden_name_is_refused(db, note):
    synthetic.case(defendant={"names": [(f"{FIRST} {LAST}", "full")]})
    ledger.publish()
    with pytest.raises(redacting.RedactionRefusedError, match="The note names the person"):
        redacting.redact(redacting.find(PERSON), note)


def test_what_the_redactor_overlooks_is_found_by_the_proof(planted, monkeypatch):
    """As if one way of hiding had been forgotten: nothing is written."""
    monkeypatch.setattr(redacting, "redacted", lambda document, kind, target: document)
    with pytest.raises(redacting.RedactionRefusedError, match="still names the person at /"):
        redacting.redact(redacting.find(PERSON), NOTE)
    assert Publication.objects.count() == 1
    assert Defendant.objects.get(pk=PERSON).names.exists()


def test_words_that_search_still_has_are_found_by_the_proof(planted, monkeypatch):
    monkeypatch.setattr("cases.publishing.search.index", lambda rows: None)
    with pytest.raises(redacting.RedactionRefusedError, match="is still found by"):
        redacting.redact(redacting.find(PERSON), NOTE)


def test_a_text_with_an_invisible_character_is_not_published(db):
    synthetic.case(summary=synthetic.text("A synthetic per\u200bson served."))
    [found] = diff.preview().violations
    assert (found.rule, found.subject, found.field) == (
        "text_has_no_invisible_characters",
        "KZ-9001",
        "summary",
    )
    assert "U+200B ZERO WIDTH SPACE, at position 16" in found.detail
    with pytest.raises(ledger.RulesBrokenError):
        ledger.publish()


def test_a_note_is_cleaned_or_refused(db):
    synthetic.case()
    with pytest.raises(ledger.RulesBrokenError, match=r"U\+202E RIGHT-TO-LEFT OVERRIDE"):
        ledger.publish("First\u202e publication")
    ledger.publish("First\u00ad publi\u200bcation")
    assert Publication.objects.get().note == "First publication"
    assert list(differences()) == []
