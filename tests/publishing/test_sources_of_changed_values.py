"""When a value changes, each source that was cited for the former one is asked again."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client

from cases.importing import stored
from cases.models import Act, Case, Citation, Defendant, Statistic, Verdict, published
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.ledger.ledger import RulesBrokenError
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions, confirmations, review
from cases.vocabulary import RecordKind
from tests import databases, synthetic

ROOT = RecordRef(RecordKind.CASE, synthetic.CASE)
PAGE = f"/desk/publishing/case/{synthetic.CASE}/"
SUMMARY = "The court sentenced a synthetic person to six years."


def _public():
    synthetic.everything()
    synthetic.change(Case.objects.get(), summary=synthetic.text(SUMMARY))
    synthetic.add_citation(
        Verdict.objects.get(), ["sentence_months"], source_id="SRC-9002", locator="p. 2"
    )
    Citation.objects.update(confirmed={})
    ledger.publish()


published_once = databases.written_once(_public)


@pytest.fixture
def public(published_once, db):
    """A public case whose sentence of 72 months two sources support."""


@pytest.fixture
def corrected(public):
    """The sentence was corrected to 66 months, and nothing was said of the sources."""
    Verdict.objects.update(sentence_months=66)


def citation(source="SRC-9002", **about):
    return Citation.objects.get(source=source, **(about or {"verdict": synthetic.VERDICT}))


def open_questions(root):
    return list(confirmations.questions(review.state(root).changes.cited))


def asked():
    """The sources that are asked, by field."""
    found = {}
    for question in open_questions(ROOT):
        found.setdefault(question.field, []).append(question.citation.source_id)
    return found


def answered(*answers):
    questions = open_questions(ROOT)
    return {question.key: given for question, given in zip(questions, answers, strict=True)}


def sentence():
    return published(RecordKind.VERDICT).current().get().body


def test_a_corrected_value_is_not_published_on_the_word_of_its_old_sources(corrected):
    with pytest.raises(RulesBrokenError) as refused:
        ledger.publish()
    message = str(refused.value)
    assert "KZ-9001-V1.sentence_months: changed from 72 to 66" in message
    assert "SRC-9001 (¶ 1)" in message
    assert "SRC-9002 (p. 2)" in message
    assert "confirmed: {sentence_months: 66}" in message
    assert '"sentence_months":72' in sentence()


def test_a_source_that_was_read_again_confirms_the_new_value(corrected):
    for row in Citation.objects.filter(verdict=synthetic.VERDICT):
        row.confirmed = {"sentence_months": 66}
        row.save()
    ledger.publish()
    assert '"sentence_months":66' in sentence()
    assert "confirmed" not in sentence()


def test_a_confirmation_is_of_one_value(corrected):
    Citation.objects.update(confirmed={"sentence_months": 66})
    Verdict.objects.update(sentence_months=60)
    assert asked() == {"sentence_months": ["SRC-9001", "SRC-9002"]}


def test_a_new_citation_vouches_for_the_new_value(corrected):
    citation().delete()
    row = citation("SRC-9001")
    row.fields.remove("sentence_months")
    row.save()
    synthetic.add_citation(Verdict.objects.get(), ["sentence_months"], source_id="SRC-9003")
    assert asked() == {}


def test_a_citation_of_another_place_in_the_source_vouches_for_the_new_value(corrected):
    Citation.objects.filter(verdict=synthetic.VERDICT).update(locator="p. 7")
    assert asked() == {}


def test_a_former_value_that_a_source_keeps_is_a_rival(corrected):
    row = citation()
    row.values = {"sentence_months": 72}
    row.save()
    assert asked() == {"sentence_months": ["SRC-9001"]}


def test_a_source_that_is_not_relied_on_is_not_asked(corrected):
    Citation.objects.filter(pk=citation().pk).update(rank="deprecated")
    assert asked() == {"sentence_months": ["SRC-9001"]}


def test_a_withdrawn_record_asks_too_when_it_is_published_again(public):
    actions.withdraw(ROOT, "Synthetic reason.", None)
    Verdict.objects.update(sentence_months=66)
    Case.objects.update(draft=False)
    with pytest.raises(RulesBrokenError, match="changed from 72 to 66"):
        ledger.publish()


def test_a_record_that_was_never_public_asks_nothing(public):
    synthetic.case("KZ-9002")
    Verdict.objects.filter(case="KZ-9002").update(sentence_months=66)
    assert open_questions(RecordRef(RecordKind.CASE, "KZ-9002")) == []


def test_a_figure_asks_as_a_case_does(public):
    Statistic.objects.update(value=91)
    with pytest.raises(RulesBrokenError, match=r"STAT-9001\.value: changed from 90 to 91"):
        ledger.publish()


CHANGED = {
    "age": (Defendant, {"age": 35}),
    "born": (Defendant, {"born": "1991"}),
    "plea": (Defendant, {"plea": "denied"}),
    "residence_region": (Defendant, {"residence_region": None}),
    "recruitment": (Defendant, {"recruitment_place": {"en": "Synthetic City"}}),
    "court_case_number": (Case, {"court_case_number": "9-24-9002"}),
    "status": (Case, {"status": "appeal"}),
    "summary": (Case, {"summary": {"en": "A synthetic person served."}}),
    "outcome": (Verdict, {"outcome": "changed", "instance": "appeal"}),
}


@pytest.mark.parametrize("field", CHANGED)
def test_every_kind_of_value_asks(public, field):
    model, values = CHANGED[field]
    if field == "residence_region":
        values = {"residence_region": synthetic.region("KZ-98")}
    model.objects.update(**values)
    assert asked()[field][0] == "SRC-9001"


@pytest.mark.parametrize("field", CHANGED)
def test_every_kind_of_value_can_be_confirmed_as_a_file_would(public, field):
    model, values = CHANGED[field]
    if field == "residence_region":
        values = {"residence_region": synthetic.region("KZ-98")}
    model.objects.update(**values)
    content = stored.contents("case", [synthetic.CASE])[synthetic.CASE]
    part = {Case: content, Defendant: content["defendants"][0], Verdict: content["verdicts"][0]}
    value = part[model][field]
    for question in open_questions(ROOT):
        row = question.citation
        if question.field == field:
            row.confirmed = {field: confirmations.vouched(confirmations.plain(value))}
            row.save()
    assert field not in asked()


def test_a_translation_that_is_added_asks_nothing(public):
    Case.objects.update(summary={"en": SUMMARY, "ru": "Синтетический пересказ."})
    assert asked() == {}


def test_a_further_name_asks_only_until_it_has_a_source_of_its_own(public):
    person = Defendant.objects.get()
    person.names.create(
        position=1, text="Synthetic Persson", kind="full", language="en", script="Latn"
    )
    assert asked() == {"names": ["SRC-9001"]}
    synthetic.add_citation(person, ["names"], source_id="SRC-9002")
    assert asked() == {}


def test_a_renamed_court_asks_nothing(public):
    case = Case.objects.get()
    assert case.court is not None
    case.court.name = {"en": "Renamed Synthetic Court"}
    case.court.save()
    assert asked() == {}


def test_confirmations_survive_the_way_through_a_file(corrected):
    Citation.objects.filter(pk=citation().pk).update(confirmed={"sentence_months": 66})
    content = stored.contents("case", [synthetic.CASE])[synthetic.CASE]
    assert content["verdicts"][0]["citations"][1]["confirmed"] == {"sentence_months": 66}


def test_a_redaction_leaves_no_confirmation_to_guess_from(corrected):
    Citation.objects.update(confirmed={"names": "sha256:0123456789abcdef"})
    redacting.redact(redacting.find(synthetic.DEFENDANT), "At their wish.")
    assert (
        not Citation.objects.filter(case__isnull=True)
        .exclude(statistic__isnull=False)
        .exclude(confirmed={})
        .exists()
    )


class TestAnswers:
    def test_each_source_supports_keeps_the_former_or_says_nothing(self, corrected):
        seen = actions.state(ROOT).digest
        assert actions.confirm(ROOT, answered("new", "former"), seen) == 2
        assert citation("SRC-9001").confirmed == {"sentence_months": 66}
        assert citation().values == {"sentence_months": 72}
        assert asked() == {}
        ledger.publish()
        assert '"disputed":["/sentence_months"]' in sentence()

    def test_a_source_that_says_nothing_of_it_is_no_longer_cited(self, corrected):
        seen = actions.state(ROOT).digest
        actions.confirm(ROOT, answered("new", "neither"), seen)
        assert not Citation.objects.filter(source="SRC-9002").exists()

    def test_what_was_changed_meanwhile_is_looked_at_again(self, corrected):
        answers, seen = answered("new", "new"), actions.state(ROOT).digest
        Verdict.objects.update(sentence_months=60)
        with pytest.raises(actions.NotAllowedError, match="changed meanwhile"):
            actions.confirm(ROOT, answers, seen)

    def test_no_answer_is_refused(self, corrected):
        with pytest.raises(actions.NotAllowedError, match="No source was chosen"):
            actions.confirm(ROOT, {"1-age": "new"}, actions.state(ROOT).digest)


class TestDesk:
    @pytest.fixture
    def client(self, corrected):
        return _client("view_case", "change_case", "publish_record")

    def test_the_preview_asks_each_source_and_stores_the_answers(self, client):
        page = client.get(PAGE)
        said = page.content.decode()
        assert "<del>72</del> <ins>66</ins>" in said
        assert said.count("supports 66") == said.count("states 72") == 2
        answers = {f"says-{key}": "new" for key in answered("new", "new")}
        digest = page.context["state"].digest
        done = client.post(PAGE, {"act": "confirm", "seen": digest} | answers)
        assert done.status_code == 302
        after = client.get(PAGE)
        assert after.context["violations"] == []
        assert after.content.decode().count(": supports 66") == 0
        assert after.content.decode().count("supports 66") == 2
        assert Act.objects.get().name == "synthetic-editor"

    def test_the_preview_names_a_summary_that_contains_the_former_value(self, client):
        said = client.get(PAGE).content.decode()
        assert "still says “six years” (en)" in said

    def test_only_who_may_change_the_record_answers(self, corrected):
        reader = _client("view_case", "publish_record")
        assert 'type="radio"' not in reader.get(PAGE).content.decode()
        assert reader.post(PAGE, {"act": "confirm"}).status_code == 403


def _client(*rights):
    person = get_user_model().objects.create_user("synthetic-editor", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_command_names_stale_texts_and_open_questions(corrected):
    out = StringIO()
    with pytest.raises(CommandError, match=confirmations.RULE):
        call_command("publish", dry_run=True, stdout=out)
    assert "warning: KZ-9001.summary: still says “six years”" in out.getvalue()
