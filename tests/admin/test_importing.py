"""The import page: upload, look, decide, say yes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from cases.importing.workbook.columns import sheets
from cases.models import Act, Case, Statistic, Upload, Verdict
from cases.vocabulary import Deed
from tests import synthetic
from tests.importing.workbook.books import xlsx
from tests.importing.workbook.test_records import APPEAL

PAGE = "/desk/import/"
FIGURE = {
    "measure": "cases_opened",
    "counted_ru": "синтетические дела",
    "unit": "cases",
    "value": 7,
    "qualifier": "exact",
    "counted_by_ru": "Газета «Ақпарат»",
    "source": "SRC-9001",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stored(db):
    synthetic.case()
    synthetic.formation(synthetic.BRIGADE)


def editor(name="editor", *permissions):
    user = User.objects.create_user(name, is_staff=True)
    codes = permissions or ["add_case"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return user


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(db):
    return logged_in(editor())


def upload(client, content, name="workbook.xlsx", **fields):
    """Uploads a file; returns the address of its report."""
    file = SimpleUploadedFile(name, content)
    answer = client.post(PAGE, {"file": file, **fields})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def said(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def agreed(page):
    return page.partition('name="agreed" value="')[2].partition('"')[0]


def figures(*values):
    return xlsx({"statistics": [{**FIGURE, "value": value} for value in values]})


def test_an_upload_is_checked_and_only_a_yes_writes_it(client):
    address = upload(client, figures(7, 8))
    page = said(client.get(address))
    assert "2 statistics: 2 new records, 0 changed, 0 unchanged." in page
    assert "Import 2 records" in page
    assert not Statistic.objects.exists()
    page = said(client.post(address, {"do": "write", "agreed": agreed(page)}))
    assert "Imported: 2 new, 0 changed." in page
    assert Statistic.objects.filter(draft=True, counted_by={"ru": "Газета «Ақпарат»"}).count() == 2
    assert not Upload.objects.exists()
    acts = Act.objects.values_list("deed", "record", "public_id", "name")
    assert sorted(acts) == [
        (Deed.ENTER, "statistic", f"STAT-000{number}", "editor") for number in (1, 2)
    ]


def test_all_problems_are_listed_and_there_is_no_button_to_import(client):
    rows = [{**FIGURE, "measure": "<b>bold</b>"}, {**FIGURE, "value": "many"}]
    address = upload(client, xlsx({"statistics": rows}))
    page = said(client.get(address))
    assert "2 problems; nothing is written" in page
    assert ">&lt;b&gt;bold&lt;/b&gt;</td>" in page
    assert ">many</td>" in page
    assert "&lt;/p&gt;" not in page
    assert 'value="write"' not in page
    assert "2 problems" in said(client.post(address, {"do": "write"}))
    assert Upload.objects.count() == 1
    assert not Statistic.objects.exists()


def test_a_likely_duplicate_is_decided_on_the_page(client):
    address = upload(client, xlsx({"verdicts": [{**APPEAL, "instance": "first"}]}))
    page = said(client.get(address))
    assert "verdicts, row 2" in page
    assert 'value="same as KZ-9001-V1"' in page
    assert 'value="write"' not in page
    page = said(client.post(address, {"do": "check", "decision/verdicts/2": "skip"}))
    assert '<input type="hidden" name="decision/verdicts/2" value="skip">' in page
    fields = {"do": "write", "decision/verdicts/2": "skip", "agreed": agreed(page)}
    assert "Imported: 0 new, 0 changed." in said(client.post(address, fields))
    assert Verdict.objects.count() == 1


def test_a_form_that_is_not_ours_is_refused(client):
    address = upload(client, figures(7))
    assert client.post(address, {"decision/verdicts": "new"}).status_code == 400


def test_differences_are_shown_and_what_changed_since_is_not_overwritten(client):
    row = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 80}
    address = upload(client, xlsx({"verdicts": [{**row, "source": "SRC-9001"}]}))
    page = said(client.get(address))
    assert ">KZ-9001-V1 sentence_months<" in page
    assert "<del>72</del>" in page
    assert "<ins>80</ins>" in page
    Verdict.objects.update(sentence_months=75)
    stale = said(client.post(address, {"do": "write", "agreed": agreed(page)}))
    assert "records that it changes have changed since you looked" in stale
    assert "<del>75</del>" in stale
    assert Verdict.objects.get().sentence_months == 75
    page = said(client.post(address, {"do": "write", "agreed": agreed(stale)}))
    assert "Imported: 0 new, 1 changed." in page
    assert Verdict.objects.get().sentence_months == 80


def test_a_second_click_imports_nothing_twice(client):
    address = upload(client, figures(7))
    first = client.post(address, {"do": "write", "agreed": agreed(said(client.get(address)))})
    assert client.post(address, {"do": "write"}).status_code == 404
    said(first)
    assert Statistic.objects.count() == 1


def test_an_upload_can_be_given_up(client):
    address = upload(client, figures(7))
    assert address in client.get(PAGE).content.decode()
    assert client.post(address, {"do": "discard"})["Location"] == PAGE
    assert not Upload.objects.exists()


def test_an_upload_is_gone_after_a_day(client):
    address = upload(client, figures(7))
    Upload.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    client.get(PAGE)
    assert client.get(address).status_code == 404


def test_an_upload_is_its_editors_alone(client):
    address = upload(client, figures(7))
    other = logged_in(editor("other"))
    assert other.get(address).status_code == 404
    assert other.post(address, {"do": "discard"}).status_code == 404
    assert "workbook.xlsx" not in other.get(PAGE).content.decode()
    assert Upload.objects.count() == 1


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}template.xlsx"])
def test_only_who_may_add_cases_gets_in(address):
    assert "/desk/login/" in Client().get(address)["Location"]
    assert logged_in(editor("reader", "view_case")).get(address).status_code == 403
    assert logged_in(editor("writer", "add_case")).get(address).status_code == 200


def test_a_csv_file_may_be_said_to_be_a_sheet(client):
    text = "measure;counted_ru;unit;value;qualifier;counted_by_ru;source\n"
    text += "cases_opened;дела;cases;7;exact;Газета;SRC-9001\n"
    address = upload(client, text.encode("cp1251"), "Book1.csv", sheet="statistics")
    assert "1 new record," in said(client.get(address))


def test_a_file_that_is_too_large_is_not_kept(client, monkeypatch):
    monkeypatch.setattr("cases.admin.importing.MAX_BYTES", 100)
    answer = client.post(PAGE, {"file": SimpleUploadedFile("workbook.xlsx", figures(7))})
    assert "is larger than" in answer.content.decode()
    assert not Upload.objects.exists()


def test_the_template_is_made_of_the_schemas(client):
    content = b"".join(client.get(f"{PAGE}template.xlsx").streaming_content)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == [*sheets(), "columns", "codes"]
    for sheet in sheets().values():
        page = book[sheet.name]
        assert [cell.value for cell in page[1]] == list(sheet.columns)
        assert page.freeze_panes == "A2"
    dates = book["cases"].column_dimensions["J"]
    assert (book["cases"]["J1"].value, dates.number_format) == ("opened", "@")
    explained = {(row[0].value, row[1].value) for row in book["columns"].iter_rows()}
    wanted = {(sheet.name, column) for sheet in sheets().values() for column in sheet.columns}
    assert wanted <= explained
    rules = {
        str(rule.sqref).partition(":")[0]: rule.formula1
        for rule in book["verdicts"].data_validations.dataValidation
    }
    outcome = list(sheets()["verdicts"].columns).index("outcome")
    area = rules[f"{'ABCDEFGHIJ'[outcome]}2"].partition("!")[2].replace("$", "")
    offered = [cell.value for row in book["codes"][area] for cell in row]
    assert offered == list(sheets()["verdicts"].columns["outcome"].codes)


def test_nothing_of_an_import_is_public(client):
    address = upload(client, figures(7))
    said(client.post(address, {"do": "write", "agreed": agreed(said(client.get(address)))}))
    assert Client().get("/api/v1/statistics/").json()["count"] == 0
    assert Case.objects.count() == 1
