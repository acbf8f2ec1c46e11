"""The words that a document can be found by follow from the document, and from nothing else."""

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from cases.models import Name, PublishedCase, PublishedDefendant, PublishedSource, Word, published
from cases.names import readings, script_of, without_one, words
from cases.publishing import search
from cases.publishing.ledger import ledger
from cases.publishing.ledger.verify import differences
from cases.vocabulary import RecordKind
from tests import synthetic
from tests.synthetic import CASE, DEFENDANT, SOURCE

pytestmark = pytest.mark.usefixtures("working_copy")


def folded(text):
    return {form for word in words(text) for form in readings(word)}


def words_of(kind, public_id):
    return set(published(kind).current().get(public_id=public_id).words)


def dictionary():
    return set(Word.objects.values_list("word", flat=True))


def rename(text):
    name = Name.objects.get(defendant=DEFENDANT)
    name.text, name.script = text, script_of(text)
    name.save()
    synthetic.confirm(name.defendant)


@pytest.mark.parametrize(
    "text",
    [
        *("Synthetic Person", "Synthetic Town", "Synthetic Village", "9-24-9001"),
        *("synthetic brigade", "Synthetic District Court", "Synthetic Region", "Synthetic Platoon"),
        *("Synthetic offence", "Synthetic report", "Synthetic Daily", CASE),
    ],
)
def test_a_case_is_found_by_its_people_places_number_summary_and_sources(text):
    ledger.publish()
    assert folded(text) <= words_of(RecordKind.CASE, CASE)


def test_a_defendant_a_verdict_and_a_source_are_found_too():
    ledger.publish()
    assert folded("Synthetic Person Town") <= words_of(RecordKind.DEFENDANT, DEFENDANT)
    assert folded("Synthetic Person Court") <= words_of(RecordKind.VERDICT, synthetic.VERDICT)
    assert folded("Synthetic report Daily") <= words_of(RecordKind.SOURCE, SOURCE)


def test_codes_addresses_and_sources_behind_the_cited_ones_are_not_searched():
    behind = synthetic.source("SRC-9002", title="Faraway echo")
    synthetic.source().cites.add(behind)
    ledger.publish()
    found = words_of(RecordKind.CASE, CASE)
    assert not folded("https participation preferred faraway echo") & found
    assert folded("faraway echo") <= words_of(RecordKind.SOURCE, "SRC-9002")


def test_words_of_a_name_and_its_initials_are_marked():
    rename("Шамиль Ю.")
    ledger.publish()
    found = words_of(RecordKind.DEFENDANT, DEFENDANT)
    assert {"xamil", "xamil.", "x.", "u."} <= found
    assert "sintetik" not in {word.rstrip(".") for word in found if word.endswith(".")}
    assert not {"a.", "s."} & found  # what only begins so in running text


def test_the_dictionary_holds_every_word_and_nothing_else():
    ledger.publish()
    held = {
        word
        for model in search.SEARCHABLE
        for found in model.objects.values_list("words", flat=True)
        for word in found
    }
    assert dictionary() == {word for word in held if not word.endswith(".")}
    assert all(word.near == without_one(word.word) for word in Word.objects.all())


def test_a_word_stays_as_long_as_any_version_holds_it():
    rename("Erstwhile")
    ledger.publish()
    rename("Afterward")
    ledger.publish()
    assert folded("erstwhile afterward") <= dictionary()
    first = PublishedDefendant.objects.get(public_id=DEFENDANT, version=1)
    assert folded("erstwhile") <= set(first.words)


def test_words_redacted_from_all_documents_vanish_from_all_versions_and_the_dictionary():
    rename("Erstwhile")
    ledger.publish()
    rename("Afterward")
    ledger.publish()
    for model in search.SEARCHABLE:
        for row in model.objects.all():
            row.body = row.body.replace("Erstwhile", "█").replace("Afterward", "█")
            model.objects.filter(pk=row.pk).update(body=row.body)
    names = folded("erstwhile afterward")
    search.refold(RecordKind.CASE, CASE)
    assert names <= dictionary()  # the defendant's documents still say so
    search.refold(RecordKind.DEFENDANT, DEFENDANT)
    search.refold(RecordKind.VERDICT, synthetic.VERDICT)
    assert not names & dictionary()
    for model in search.SEARCHABLE:
        for found in model.objects.values_list("words", flat=True):
            assert not names & {word.rstrip(".") for word in found}
    assert folded("synthetic town") <= dictionary()


def test_a_record_that_cannot_be_searched_is_left_alone():
    ledger.publish()
    before = dictionary()
    row = published(RecordKind.STATISTIC).get()
    search.index([row])
    assert not hasattr(row, "words")
    assert dictionary() == before


def test_the_ledger_verifies_with_the_words_of_its_documents():
    ledger.publish()
    assert list(differences()) == []


def test_words_that_do_not_follow_from_the_document_are_found():
    ledger.publish()
    PublishedCase.objects.update(words=["slander"])
    assert set(differences()) >= {
        f"case {CASE} version 1: is searched by other words than it holds; run rebuild_search",
        "search: “slander” is missing from the dictionary",
    }


def test_words_that_no_document_holds_are_found():
    ledger.publish()
    Word.objects.create(word="slander", near=[])
    Word.objects.filter(word="sintetik").update(near=[])
    found = set(differences())
    assert "search: “slander” has no document in the dictionary" in found


def test_a_word_with_wrong_neighbours_is_found():
    ledger.publish()
    [word] = folded("brigade")
    Word.objects.filter(word=word).update(near=["wrong"])
    assert list(differences()) == [f"search: “{word}” is compared wrongly in the dictionary"]


def test_rebuilding_mends_all_of_this_and_then_has_nothing_to_do(capsys):
    ledger.publish()
    right = dict(PublishedCase.objects.values_list("pk", "words"))
    PublishedCase.objects.update(words=["slander"])
    PublishedSource.objects.update(words=[])
    Word.objects.create(word="slander", near=[])
    Word.objects.update(near=["wrong"])
    with pytest.raises(CommandError, match="rebuild_search"):
        call_command("verify_ledger")
    call_command("rebuild_search")
    assert capsys.readouterr().out.startswith("2 documents had other words")
    assert dict(PublishedCase.objects.values_list("pk", "words")) == right
    assert list(differences()) == []
    call_command("rebuild_search")
    assert capsys.readouterr().out.startswith("0 documents had other words")


def test_what_a_source_states_otherwise_is_searched_too():
    body = {
        "id": CASE,
        "citations": [
            {"values": {"names": [{"text": "Otherwise"}], "residence_place": "Elsewhere"}}
        ],
    }
    found = set(search.folded(orjson.dumps(body).decode()))
    assert folded("Otherwise Elsewhere") <= found
    assert {f"{form}." for form in folded("Otherwise")} <= found


def test_publishing_costs_few_queries_for_the_words(django_assert_max_num_queries):
    ledger.publish()
    rows = list(PublishedCase.objects.annotate(same=F("version")))
    with django_assert_max_num_queries(2):
        search.index(rows)
