from pathlib import Path

import pytest
from django.core.management import call_command

from cases.exporting.codebook import codebook, page
from cases.exporting.tables import EVERY_TABLE
from cases.management.commands import write_codebook


def test_the_committed_page_is_current():
    """If not: `manage.py write_codebook`."""
    assert write_codebook.PAGE.read_text("utf-8") == page()


def test_the_command_writes_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(write_codebook, "PAGE", Path(tmp_path) / "codebook.md")
    call_command("write_codebook")
    assert (tmp_path / "codebook.md").read_text("utf-8") == page()


def test_every_column_is_in_the_codebook():
    tables = codebook()["tables"]
    assert {
        name: [column["name"] for column in table["columns"]] for name, table in tables.items()
    } == {table.name: [column.name for column in table.columns] for table in EVERY_TABLE}
    assert all(
        f"| `{column.name}` |" in page() for table in EVERY_TABLE for column in table.columns
    )


def test_a_column_is_described():
    columns = {column["name"]: column for column in codebook()["tables"]["verdicts"]["columns"]}
    assert columns["sentence_kind"] == {
        "name": "sentence_kind",
        "type": "text",
        "list": False,
        "unit": None,
        "description": "Kind of sentence. Only imprisonment enters averages of prison terms.",
        "null": "not reported, or no sentence",
        "path": "sentence_kind",
        "take": "one",
        "vocabulary": [
            {"code": "imprisonment", "label": "imprisonment"},
            {"code": "suspended", "label": "suspended sentence"},
            {"code": "restricted_freedom", "label": "restricted freedom"},
            {"code": "corrective_labour", "label": "corrective labour"},
            {"code": "fine", "label": "fine"},
        ],
        "codes": None,
        "citations": {"objects": "", "field": "sentence_kind"},
    }
    assert columns["sentence_months"]["unit"] == "whole months"
    assert columns["case_region"]["codes"] == "/api/v1/regions/"
    assert columns["case_region"]["citations"] == {"objects": "case", "field": "region"}


@pytest.mark.django_db
def test_the_api_serves_it(client):
    assert client.get("/api/v1/codebook/").json() == codebook()
    assert client.get("/api/v1/codebook/?as_of=1").status_code == 400
    assert client.options("/api/v1/codebook/").status_code == 200
    assert "codebook" in client.get("/api/v1/").json()["links"]
