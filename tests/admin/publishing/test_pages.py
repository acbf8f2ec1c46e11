"""The pages of the desk behind a saved record: who may do what, and what they show."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from cases.models import Act, Case, Defendant, Entry, Name, Publication, published
from cases.publishing.documents.record_refs import ROOTS
from cases.publishing.ledger import ledger
from cases.vocabulary import RecordKind
from tests import synthetic

PAGE = "/desk/publishing/case/KZ-9001/"
RIGHTS = ("check", "publish", "withdraw", "merge", "redact")


def client_of(username, *rights):
    person = get_user_model().objects.create_user(username, password="synthetic", is_staff=True)
    codes = [f"{right}_record" for right in rights if right in RIGHTS]
    codes += [right for right in rights if right not in RIGHTS]
    codes += [f"view_{kind}" for kind in ROOTS]
    person.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor(db):
    return client_of("editor", *RIGHTS, "view_act")


@pytest.fixture
def reporter(db):
    return client_of("reporter")


@pytest.fixture
def draft(db):
    synthetic.case()


@pytest.fixture
def public(draft):
    synthetic.case("KZ-9002")
    ledger.publish()


def seen(client, page=PAGE):
    """What the form of a page says that was looked at."""
    return client.get(page).context["state"].digest


def said(answer):
    return answer.content.decode()


def test_a_record_is_checked_and_published_with_its_buttons(draft, editor, settings):
    settings.REQUIRE_SECOND_EDITOR = True
    first = editor.get(PAGE)
    assert "Check: I compared it" in said(first)
    assert 'value="publish"' not in said(first)
    assert editor.post(PAGE, {"act": "check", "seen": seen(editor)}).status_code == 302
    assert 'value="publish"' in said(editor.get(PAGE))
    assert editor.post(PAGE, {"act": "publish", "seen": seen(editor)}).status_code == 302
    page = said(editor.get(PAGE))
    assert "<strong>Published</strong>" in page
    assert "Nothing changes" in page
    assert set(Act.objects.filter(public_id="KZ-9001").values_list("name", "deed")) == {
        ("editor", "check"),
        ("editor", "publish"),
    }


def test_a_preview_shows_what_changes_field_by_field(public, editor):
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal", opened=None)
    Name.objects.filter(defendant__case="KZ-9001").update(text="Synthetic Human")
    lines = {(line.place, line.before, line.after) for line in editor.get(PAGE).context["lines"]}
    assert ("status", "decided", "appeal") in lines
    assert ("opened", "2024-03-01", None) in lines
    names = "defendants › KZ-9001-D1 › names › Synthetic"
    assert (f"{names} Person (en, full)", "Synthetic Person (en, full)", None) in lines
    assert (f"{names} Human (en, full)", None, "Synthetic Human (en, full)") in lines
    assert not [line for line in lines if line[1] == line[2]]


def test_everything_is_new_in_a_first_preview(draft, editor):
    lines = editor.get(PAGE).context["lines"]
    assert {line.change for line in lines} == {"added"}
    assert {"status", "court", "defendants › KZ-9001-D1 › born"} <= {line.place for line in lines}


def test_each_broken_rule_is_listed_and_nothing_can_be_published(public, editor):
    synthetic.uncite(Case.objects.get(pk="KZ-9001"), "kind")
    page = said(editor.get(PAGE))
    assert "1 broken rule" in page
    assert "KZ-9001 › kind" in page
    assert 'value="publish"' not in page
    answer = editor.post(PAGE, {"act": "publish", "seen": seen(editor), "note": "reason"})
    assert answer.status_code == 400
    assert Publication.objects.count() == 1


def test_a_correction_without_a_note_is_refused_and_keeps_the_page(public, editor):
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
    answer = editor.post(PAGE, {"act": "publish", "seen": seen(editor)})
    assert answer.status_code == 400
    assert "A public note is required" in said(answer)
    editor.post(PAGE, {"act": "publish", "seen": seen(editor), "note": "Appealed"})
    assert Publication.objects.get(number=2).note == "Appealed"


def test_what_changed_since_the_page_was_shown_is_not_published(public, editor):
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
    digest = seen(editor)
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="final")
    answer = editor.post(PAGE, {"act": "publish", "seen": digest, "note": "Appealed"})
    assert "changed meanwhile" in said(answer)
    assert Publication.objects.count() == 1


POSTS = {
    "check": (PAGE, {"act": "check"}),
    "publish": (PAGE, {"act": "publish", "note": "reason"}),
    "withdraw": (f"{PAGE}withdraw/", {"note": "reason"}),
    "merge": (f"{PAGE}merge/", {"into": "KZ-9002", "note": "reason"}),
    "redact": (
        "/desk/publishing/defendant/KZ-9001-D1/redact/",
        {"typed": "KZ-9001-D1", "note": "reason"},
    ),
    "publish all": ("/desk/publishing/", {"act": "publish", "note": "reason"}),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_reporter_may_look_but_not_act(public, reporter, name):
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
    page, form = POSTS[name]
    assert reporter.get(PAGE).status_code == 200
    assert reporter.post(page, form | {"seen": seen(reporter)}).status_code == 403
    assert Publication.objects.count() == 1
    assert not Act.objects.exists()


@pytest.mark.parametrize("name", POSTS)
def test_each_right_is_asked_for_by_itself(public, name):
    right = name.split()[0]
    person = client_of("almost", *(other for other in RIGHTS if other != right))
    page, form = POSTS[name]
    assert person.post(page, form | {"seen": seen(person)}).status_code == 403


def test_a_reporter_sees_no_button(public, reporter):
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
    page = said(reporter.get(PAGE))
    for word in ('value="check"', 'value="publish"', "Withdraw…", "Merge into", "Redact KZ"):
        assert word not in page


@pytest.mark.parametrize("page", ["", "audit/", "case/KZ-9001/", "case/KZ-9001/withdraw/"])
def test_nobody_sees_anything_without_a_login(public, client, page):
    answer = client.get(f"/desk/publishing/{page}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/login/")


@pytest.mark.parametrize("name", POSTS)
def test_a_form_of_another_site_is_refused(public, name):
    person = client_of("editor", *RIGHTS)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.get(username="editor"))
    page, form = POSTS[name]
    assert strict.post(page, form | {"seen": seen(person)}).status_code == 403
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    "page",
    [
        *("case/KZ-9404/", "person/KZ-9001/", "defendant/KZ-9001-D1/", "case/%00/"),
        *("defendant/KZ-9404-D1/redact/", "case/KZ-9404/merge/", "statistic/KZ-9001/withdraw/"),
        "defendant/%00/redact/",
    ],
)
def test_what_is_not_there_is_not_found(public, editor, page):
    assert editor.get(f"/desk/publishing/{page}").status_code == 404


def test_a_case_is_withdrawn_with_a_note(public, editor, client):
    assert "why it is withdrawn" in said(editor.get(f"{PAGE}withdraw/"))
    assert editor.post(f"{PAGE}withdraw/", {"note": " "}).status_code == 400
    assert editor.post(f"{PAGE}withdraw/", {"note": "Retracted"}).status_code == 302
    assert "Retracted" in said(client.get("/api/v1/cases/KZ-9001/"))
    assert "Withdrawn with publication 2: Retracted" in said(editor.get(PAGE))


def test_two_cases_are_merged_part_by_part(public, editor, client):
    page = "/desk/publishing/case/KZ-9002/merge/"
    assert "KZ-9002-D1" not in said(editor.get(page))
    assert "the same as KZ-9001-D1" in said(editor.get(f"{page}?into=KZ-9001"))
    form = {"into": "KZ-9001", "note": "One", "map-KZ-9002-D1": "KZ-9001-D1"}
    answer = editor.post(page, form)
    assert "Say what becomes of KZ-9002-V1" in said(answer)
    assert editor.post(page, form | {"map-KZ-9002-V1": "KZ-9001-V1"}).status_code == 302
    assert client.get("/api/v1/verdicts/KZ-9002-V1/").status_code == 308


def test_a_redaction_shows_each_place_and_wants_the_id_typed(public, editor):
    Name.objects.filter(defendant__case="KZ-9001").update(text="Zarzuk Blimpov")
    synthetic.confirm(Defendant.objects.get(pk="KZ-9001-D1"))
    ledger.publish("named")
    page = "/desk/publishing/defendant/KZ-9001-D1/redact/"
    # The first version named "Synthetic Person", as the other case does.
    look = editor.post(page, {"act": "look", "who-KZ-9002-D1": "different", "spellings": "Zorzok"})
    shown = said(look)
    # Names are in no address, which logs and histories would keep.
    assert 'method="get"' not in look.content.decode()
    assert (look.status_code, "Zorzok" in look.content.decode()) == (200, True)
    assert "This cannot be undone" in shown
    assert "Zarzuk Blimpov" in shown
    form = {"note": "On request", "who-KZ-9002-D1": "different"}
    for typed in ("", "KZ-9001"):
        answer = editor.post(page, form | {"typed": typed})
        assert "Type KZ-9001-D1 to confirm" in said(answer)
    assert Publication.objects.count() == 2
    answer = editor.post(page, form | {"typed": "KZ-9001-D1"})
    assert answer.status_code == 302, said(answer)
    assert not Name.objects.filter(text__contains="Blimpov").exists()
    assert Entry.objects.filter(publication=3).values_list("operation").distinct().count() == 1
    assert Act.objects.filter(deed="redact", name="editor").exists()


def test_a_court_offers_to_republish_what_shows_it(public, editor):
    court = synthetic.court()
    court.name = synthetic.text("Another Court")
    court.save()
    page = f"/desk/publishing/court/{court.pk}/"
    assert "Republish the 2 records" in said(editor.get(page))
    form = {"act": "publish", "seen": seen(editor, page), "note": "Renamed", "embedding": "on"}
    editor.post(page, form)
    body = published(RecordKind.CASE).current().get(public_id="KZ-9002").body
    assert "Another Court" in body


def test_the_audit_is_searched_and_cannot_be_written(public, editor, reporter):
    editor.post(f"{PAGE}withdraw/", {"note": "Retracted"})
    page = "/desk/publishing/audit/"
    for query, count in {
        "": 1,
        "?who=EDITOR": 1,
        "?who=other": 0,
        "?what=KZ-90": 1,
        "?what=SRC": 0,
        "?deed=withdraw": 1,
        "?deed=merge": 0,
        "?deed=nonsense": 1,
        "?page=77": 1,
        "?who=%00": 1,
    }.items():
        assert f"{count} found." in said(editor.get(page + query)), query
    assert editor.post(page).status_code == 405
    assert reporter.get(page).status_code == 403


def test_a_page_of_the_desk_is_kept_by_no_cache(public, editor):
    assert "no-store" in editor.get(PAGE)["Cache-Control"]


def test_text_of_a_record_is_no_markup(public, editor):
    synthetic.change(Case.objects.get(pk="KZ-9001"), court_case_number="<script>alert(1)</script>")
    assert "<script>alert(1)" not in said(editor.get(PAGE))
