"""A redacted person is gone from everything, past and present, and the ledger still verifies.

The person is invented, as is every other fact.
"""

import orjson
import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from cases.models import (
    Case,
    Citation,
    Defendant,
    Entry,
    LikelyDuplicate,
    LoadedFile,
    Publication,
    PublishedCase,
    PublishedDefendant,
    RedactedName,
    Source,
    Word,
    published,
)
from cases.names import readings, words
from cases.publishing.ledger import diff, ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.vocabulary import RecordKind
from tests import databases, synthetic

WITNESS = "KZ-9001-D1"
FORMS = ("Blimpov", "Zarzuk", "Блимпов", "Зарзук", "blimpov", "блимпов", "zarzuk", "зарзук")
NOTE = "On request of the person"


def _published_and_named():
    case = synthetic.case(
        summary=synthetic.text("Zarzuk Blimpov served.", ru="Суд над Блимповым."),
        remarks=None,
        defendant={
            "names": [("Zarzuk Blimpoff", "full")],
            "occupation": synthetic.text("welder"),
            "born": "1991-05-04",
        },
    )
    defendant = case.defendants.get()
    source = Source.objects.get()
    source.title, source.url = "Зарзука Блимпова судят", "https://synthetic.example/zarzuk-blimpov"
    source.save()
    ledger.publish("Zarzuk Blimpov was sentenced")
    defendant.names.all().delete()
    synthetic.add_name(defendant, "Зарзук Блимпов", language="ru", script="Cyrl")
    synthetic.add_citation(
        defendant, ["names"], values={"names": "Zarzuk Blimpowski"}, locator="¶ about Blimpov"
    )
    other = synthetic.case(
        "KZ-9002", summary=synthetic.text("Related to Blimpov, Zarzuk (KZ-9001).")
    )
    rival = [{"text": "S. P.", "language": "en", "script": "Latn", "kind": "initials"}]
    synthetic.add_citation(other.defendants.get(), ["names"], values={"names": rival})
    synthetic.statistic(remarks=synthetic.text("Blimpov is not counted."), value=None)
    ledger.publish("A name corrected")
    defendant.case.status = "appeal"
    synthetic.change(Case.objects.get(pk=case.pk), status="appeal", note="Ask Zarzuk Blimpov")
    ledger.publish("Appealed")
    LogEntry.objects.create(
        user=get_user_model().objects.create(username="synthetic"),
        content_type=ContentType.objects.get_for_model(Case),
        object_id=case.pk,
        object_repr="KZ-9001",
        action_flag=2,
        change_message='[{"added": {"name": "Name", "object": "Зарзук Блимпов"}}]',
    )
    session = SessionStore()
    session["draft"] = "Zarzuk Blimpov"
    session.save()
    LoadedFile.objects.create(path="/synthetic/KZ-9001-blimpov.yaml", sha256="0" * 64)
    assert list(differences()) == []
    return other


published_once = databases.written_once(_published_and_named)


@pytest.fixture
def person(published_once, db):
    """Published three times under several spellings, and named in all sorts of other places.
    Another case, which mentions the person."""
    return Case.objects.get(pk=published_once.pk)


def redact(**more):
    return redacting.redact(redacting.find(WITNESS, **more), NOTE)


def everywhere():
    """The text of every row of every table, as a dump would hold it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            for (row,) in cursor.fetchall():
                yield table, row


def test_the_name_is_in_no_table_afterwards(person):
    before = {table for table, row in everywhere() if any(form in row for form in FORMS)}
    assert {"cases_name", "cases_publishedcase", "cases_publishedsource"} < before
    assert {"django_admin_log", "cases_loadedfile", "cases_entry", "cases_citation"} < before
    redact()
    found = [(table, row) for table, row in everywhere() if any(form in row for form in FORMS)]
    # A single surname in a record about something else may be anybody's.
    assert {table for table, _ in found} <= {"cases_statistic", "cases_publishedstatistic"}
    assert not Word.objects.filter(word__in={f for w in words("Zarzuk") for f in readings(w)})
    assert LogEntry.objects.get().object_repr == "redacted"


def test_what_identifies_is_gone_from_every_version(person):
    redact()
    versions = PublishedDefendant.objects.filter(public_id=WITNESS)
    assert versions.count() == 3
    for row in versions:
        said = orjson.loads(row.body)
        assert said["names"] == []
        assert said["name_withheld"] is True
        for field in ("born", "age", "age_as_of", "residence_place", "occupation"):
            assert said[field] is None
        assert said["case"]["court_case_number"] is None
        assert said["citizenships"] == ["KZ"]
    case = orjson.loads(PublishedCase.objects.current().get(public_id="KZ-9001").body)
    assert case["summary"]["en"] == "[name withheld] served."
    assert case["summary"]["ru"] == "Суд над [name withheld]."
    [source] = published(RecordKind.SOURCE).current()
    said = orjson.loads(source.body)
    assert (said["title"], said["title_language"], said["url"]) == (None, None, None)
    row = Defendant.objects.get(pk=WITNESS)
    assert (row.name_withheld, row.born, row.names.count()) == (True, None, 0)
    other = orjson.loads(PublishedCase.objects.current().get(public_id="KZ-9002").body)
    assert other["summary"]["en"] == "Related to [name withheld] (KZ-9001)."


def test_it_is_one_publication_that_says_so_and_verifies(person):
    head = Publication.objects.count()
    publication = redact()
    assert publication.number == head + 1
    assert set(publication.entries.values_list("operation", flat=True)) == {"redact"}
    entry = publication.entries.get(record="defendant", public_id=WITNESS)
    assert [one["version"] for one in entry.replaced if "version" in one] == [1, 2, 3]
    assert [one["note_of"] for one in entry.replaced if "note_of" in one] == [1]
    assert Publication.objects.get(number=1).note == "[name withheld] was sentenced"
    assert list(differences()) == []


def test_the_working_copy_says_the_same_so_nothing_is_left_to_be_published(person):
    redact()
    changes = diff.preview()
    assert (changes.violations, len(changes)) == ([], 0)


def test_a_second_redaction_of_the_same_record_verifies_too(person):
    redact()
    target = redacting.find(WITNESS, spellings=["Synthetic Town"])
    assert redacting.redact(target, "More had to go") is None or list(differences()) == []
    assert list(differences()) == []


def tamper(rows, old, new):
    row = rows.get()
    assert old in row.body
    rows.update(body=row.body.replace(old, new, 1))


def test_one_more_byte_that_is_changed_is_caught(person):
    redact()
    tamper(PublishedCase.objects.filter(public_id="KZ-9001", version=1), "decided", "decideD")
    assert [line for line in differences() if line.startswith("case KZ-9001 version 1: its doc")]


def test_a_redaction_without_its_entry_is_caught(person):
    redact()
    Entry.objects.filter(operation="redact", record="case", public_id="KZ-9001").delete()
    found = list(differences())
    assert [line for line in found if line.startswith("case KZ-9001 version 1: its document")]
    assert [line for line in found if "has a wrong digest" in line]


def test_an_entry_that_tells_of_another_replacement_is_caught(person):
    redact()
    entry = Entry.objects.get(operation="redact", record="case", public_id="KZ-9001")
    entry.replaced[0]["now"] = "0" * 64
    entry.save()
    found = list(differences())
    assert [line for line in found if "entry of KZ-9001 has a wrong digest" in line]
    assert [line for line in found if line.startswith("case KZ-9001 version 1: its document")]


def test_a_note_that_is_changed_after_its_redaction_is_caught(person):
    redact()
    Publication.objects.filter(number=1).update(note="other")
    Entry.objects.filter(publication=1).update(note="other")
    assert [line for line in differences() if line.startswith("publication 1: entry of")]


def test_a_name_that_is_entered_again_is_refused(person):
    redact()
    defendant = Defendant.objects.get(pk=WITNESS)
    synthetic.add_name(defendant, "Zarzuk Blimpov")
    broken = {found.rule for found in diff.preview().violations}
    assert "redacted_people_stay_redacted" in broken
    assert "redacted_names_stay_redacted" in broken


@pytest.mark.parametrize("text", ["Blimpov", "Блимповым", "по делу Зарзука", "Zarzuk"])
def test_a_text_that_names_the_person_again_is_refused(person, text):
    redact()
    synthetic.change(Case.objects.get(pk="KZ-9001"), summary=synthetic.text(f"About {text}."))
    [found] = diff.preview(only=set()).violations or diff.preview().violations
    assert (found.rule, found.field) == ("redacted_names_stay_redacted", "summary")
    with pytest.raises(ledger.RulesBrokenError):
        ledger.publish()


def test_a_source_gets_its_title_not_back(person):
    redact()
    Source.objects.update(title="Приговор Блимпову", title_language="ru")
    assert {found.subject for found in diff.preview().violations} >= {"SRC-9001"}


def test_what_is_remembered_names_nobody(person):
    redact()
    assert RedactedName.objects.count() > 3
    for row in RedactedName.objects.all():
        assert not any(form.casefold() in row.digest for form in FORMS)


def test_another_defendant_of_the_same_name_must_be_decided_on(person):
    namesake = person.defendants.get()
    namesake.names.all().delete()
    synthetic.add_name(namesake, "Zarzuk Blimpov")
    ledger.publish("A namesake")
    with pytest.raises(redacting.RedactionRefusedError, match="KZ-9002-D1 has the same name"):
        redact()
    assert Publication.objects.count() == 4
    redact(different=[namesake.pk])
    assert namesake.names.get().text == "Zarzuk Blimpov"
    assert list(differences()) == []


def test_one_person_in_two_cases_is_redacted_in_both(person):
    case = synthetic.case("KZ-9003", defendant={"names": [("Zarzuk Blimpov", "full")]})
    namesake = case.defendants.get()
    ledger.publish("The same person")
    redact(same=[namesake.pk])
    assert not namesake.names.exists()
    assert list(differences()) == []


@pytest.mark.parametrize("note", ["", "  ", "Mr Blimpov asked for it"])
def test_a_note_is_required_and_must_not_name_the_person(person, note):
    with pytest.raises(redacting.RedactionRefusedError, match="note"):
        redacting.redact(redacting.find(WITNESS), note)
    assert Publication.objects.count() == 3


def test_it_is_refused_whole_when_a_trace_would_remain(person, monkeypatch):
    """As if one kind of place had been forgotten."""
    monkeypatch.setattr(redacting, "_notes_rewritten", lambda target: [])
    with pytest.raises(redacting.RedactionRefusedError, match="note of publication 1 still names"):
        redact()
    assert Defendant.objects.get(pk=WITNESS).names.exists()
    assert Publication.objects.count() == 3


def test_somebody_who_was_never_published_is_taken_out_of_the_working_copy(db):
    synthetic.case(draft=True, defendant={"names": [("Zarzuk Blimpov", "full")]})
    assert redact() is None
    assert not Defendant.objects.get(pk=WITNESS).names.exists()
    assert not [row for _, row in everywhere() if "limpov" in row]


def test_an_unknown_defendant_is_said_to_be_unknown(db):
    with pytest.raises(redacting.UnknownDefendantError):
        redacting.find("KZ-9404-D1")


def test_a_withdrawn_person_is_redacted_from_the_past(person):
    Case.objects.filter(pk="KZ-9001").delete()
    ledger.publish("withdrawn", only={redacting.root_of(RecordKind.CASE, "KZ-9001")})
    publication = redact()
    entry = publication.entries.get(record="defendant", public_id=WITNESS)
    assert entry.body_sha256 is None
    assert list(differences()) == []
    assert not Citation.objects.filter(defendant=WITNESS).exists()


def test_names_that_strangers_or_likenesses_left_behind_go_too(person):
    AccessAttempt.objects.create(username="x", user_agent="Zarzuk Blimpov", failures_since_start=1)
    AccessAttempt.objects.create(username="somebody", failures_since_start=1)
    synthetic.case("KZ-9009")
    pair = {"first_id": "KZ-9001", "second_id": "KZ-9009"}
    LikelyDuplicate.objects.create(likeness="name", **pair)
    LikelyDuplicate.objects.create(likeness="ruling", **pair)
    redact()
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["somebody"]
    assert [pair.likeness for pair in LikelyDuplicate.objects.all()] == ["ruling"]
