"""Formats on documents that the real data does not have."""

import csv
import errno
import io
import json
import tempfile
from datetime import UTC, date, datetime
from unittest.mock import Mock

import openpyxl
import pyarrow.parquet
import pytest
from xlsxwriter import packager

from cases.exporting.columns import NEVER, Table, Type, plain, plain_items
from cases.exporting.export import About, Export, UnfitError, joined
from cases.exporting.formats import CSV, GEOJSON, NDJSON, PARQUET, XLSX
from cases.exporting.formats.text import FORMULA
from cases.vocabulary import RecordKind

TABLE = Table(
    RecordKind.CASE,
    "cases",
    "A row.",
    (
        plain("id", "Id.", null=NEVER),
        plain("text", "Text."),
        plain("number", "Number.", type=Type.NUMBER),
        plain("day", "Day.", type=Type.DAY),
        plain("moment", "Moment.", type=Type.MOMENT),
        plain("flag", "Flag.", type=Type.BOOLEAN),
        plain_items("items", "Items.", "items[].text"),
    ),
    region="region.code",
)
ABOUT = About(
    publication=7,
    published_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
    permalink="https://example.org/api/v1/cases/?as_of=7&format=xlsx",
    licence=("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    codebook="https://example.org/api/v1/codebook/",
    selection=(("region", "KZ-59"),),
)
EMPTY = {
    "id": "KZ-0001",
    "text": None,
    "number": None,
    "day": None,
    "moment": None,
    "flag": None,
    "items": [],
    "region": None,
}


def written(form, *documents, **options):
    bodies = [json.dumps(EMPTY | document, ensure_ascii=False).encode() for document in documents]
    export = Export(TABLE, ABOUT, bodies, **options)
    content = b"".join(form.write(export))
    assert export.count == len(documents)
    return content


def csv_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def sheet(content, name="cases"):
    return openpyxl.load_workbook(io.BytesIO(content))[name]


@pytest.mark.parametrize("first", FORMULA)
def test_text_is_no_formula_in_csv(first):
    (row,) = csv_rows(written(CSV, {"text": f"{first}1+1", "items": [{"text": f"{first}2"}]}))
    assert row["text"] == f"'{first}1+1"
    assert row["items"] == f"'{first}2"


def test_a_negative_number_stays_a_number():
    (row,) = csv_rows(written(CSV, {"number": -1.5}))
    assert row["number"] == "-1.5"


def test_csv_is_rfc_4180():
    content = written(CSV, {"text": 'He said "no", and\nleft'})
    head, _, rest = content.partition(b"\r\n")
    assert head == b"id,text,number,day,moment,flag,items"
    assert rest == b'KZ-0001,"He said ""no"", and\nleft",,,,,\r\n'


def test_a_byte_order_mark_comes_first_and_once():
    content = written(CSV, {"text": "Люфт"}, bom=True)
    assert content.startswith(b"\xef\xbb\xbfid,")
    assert content.count(b"\xef\xbb\xbf") == 1


def test_list_items_can_be_told_apart():
    items = ["a; b", "back\\slash", None, "d"]
    assert joined(items) == r"a\; b; back\\slash; ; d"


def test_ndjson_is_the_documents_as_they_are():
    bodies = ['{"id":"KZ-0001",  "text":"Люфт"}', '{"id":"KZ-0002"}']
    content = b"".join(NDJSON.write(Export(TABLE, ABOUT, [body.encode() for body in bodies])))
    assert content.decode() == "".join(f"{body}\n" for body in bodies)


def test_a_sheet_has_types_and_no_formula_or_link():
    row = {
        "text": "=1+1",
        "number": -1.5,
        "day": "2025-02-14",
        "moment": "2026-01-31T12:00:00Z",
        "flag": False,
        "items": [{"text": "https://example.org"}],
    }
    cells = sheet(written(XLSX, row))[2]
    assert [cell.value for cell in cells] == [
        "KZ-0001",
        "=1+1",
        -1.5,
        datetime(2025, 2, 14),
        datetime(2026, 1, 31, 12),
        False,
        "https://example.org",
    ]
    assert [cell.data_type for cell in cells] == ["s", "s", "n", "d", "d", "b", "s"]
    assert not any(cell.hyperlink for cell in cells)


def test_the_header_of_a_sheet_stays_in_view():
    assert sheet(written(XLSX, {})).freeze_panes == "A2"


def test_a_workbook_says_what_it_is():
    about = dict(sheet(written(XLSX), "about").iter_rows(values_only=True))
    assert about["Publication"] == "7"
    assert about["Published at"] == "2026-01-31T12:00:00+00:00"
    assert about["Permalink"] == ABOUT.permalink
    assert about["Licence"].startswith("CC BY 4.0 https://")
    assert about["Filter region"] == "KZ-59"


def test_the_same_rows_give_the_same_workbook():
    assert written(XLSX, {"text": "a"}) == written(XLSX, {"text": "a"})


def test_a_day_before_excels_calendar_is_text():
    assert sheet(written(XLSX, {"day": "1899-12-31"}))["D2"].value == "1899-12-31"


def test_text_that_excel_cannot_hold_is_refused_and_not_cut():
    with pytest.raises(UnfitError, match=r"text of KZ-0001 has 32,768 characters"):
        written(XLSX, {"text": "x" * 32_768})
    assert len(sheet(written(XLSX, {"text": "x" * 32_767}))["B2"].value) == 32_767


def test_rows_that_excel_cannot_hold_are_refused(monkeypatch):
    monkeypatch.setattr("cases.exporting.formats.workbook.MAX_ROWS", 2)
    with pytest.raises(UnfitError, match="no more than 2 rows"):
        written(XLSX, {}, {}, {})


def test_parquet_has_types_and_says_what_it_is():
    row = {
        "number": 1,
        "day": "2025-02-14",
        "moment": "2026-01-31T12:00:00Z",
        "flag": True,
        "items": [{"text": "a"}, {"text": None}],
    }
    table = pyarrow.parquet.read_table(io.BytesIO(written(PARQUET, row, {})))
    assert [str(field.type) for field in table.schema] == [
        *("string", "string", "double", "date32[day]", "timestamp[us, tz=UTC]", "bool"),
        "list<element: string>",
    ]
    assert table.to_pylist()[0] == {
        "id": "KZ-0001",
        "text": None,
        "number": 1.0,
        "day": date(2025, 2, 14),
        "moment": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "flag": True,
        "items": ["a", None],
    }
    metadata = table.schema.metadata
    assert metadata[b"publication"] == b"7"
    assert metadata[b"permalink"] == ABOUT.permalink.encode()
    assert metadata[b"licence"].startswith(b"CC BY 4.0")
    assert table.schema.field("id").metadata[b"description"] == b"Id."


def test_row_groups_are_bounded(monkeypatch):
    monkeypatch.setattr("cases.exporting.formats.parquet.GROUP", 200)
    file = pyarrow.parquet.ParquetFile(io.BytesIO(written(PARQUET, *[{}] * 500)))
    sizes = [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]
    assert sizes == [200, 200, 100]


def test_a_record_without_a_centroid_has_no_geometry():
    documents = {"region": {"code": "KZ-59"}}, {"region": {"code": "KZ"}}, {}
    centroids = {"KZ-59": (69.2557, 53.8486)}
    collection = json.loads(written(GEOJSON, *documents, centroids=centroids))
    geometries = [feature["geometry"] for feature in collection["features"]]
    assert geometries == [{"type": "Point", "coordinates": [69.2557, 53.8486]}, None, None]
    precision = [feature["properties"]["precision"] for feature in collection["features"]]
    assert precision == ["region_centroid", None, None]


def test_a_map_says_what_it_is():
    collection = json.loads(written(GEOJSON))
    assert collection == {
        "type": "FeatureCollection",
        "publication": 7,
        "published_at": "2026-01-31T12:00:00+00:00",
        "permalink": ABOUT.permalink,
        "licence": {"name": ABOUT.licence[0], "url": ABOUT.licence[1]},
        "citation": ABOUT.citation,
        "features": [],
    }


@pytest.mark.parametrize("number", [0, 1, 199, 200, 201, 400, 401])
def test_chunks_lose_and_double_nothing(number):
    documents = [{"id": f"KZ-{place:04}"} for place in range(number)]
    ids = [document["id"] for document in documents]
    assert [row["id"] for row in csv_rows(written(CSV, *documents))] == ids
    lines = written(NDJSON, *documents).decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    features = json.loads(written(GEOJSON, *documents))["features"]
    assert [feature["id"] for feature in features] == ids
    assert sheet(written(XLSX, *documents)).max_row == number + 1
    assert pyarrow.parquet.read_table(io.BytesIO(written(PARQUET, *documents)))[
        "id"
    ].to_pylist() == ids  # fmt: skip


def test_a_workbook_that_fails_leaves_no_file_behind(tmp_path, monkeypatch):
    """Whatever it fails of: a full disk, or what Excel cannot hold."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(packager.Packager, "_create_package", Mock(side_effect=full))
    export = Export(TABLE, ABOUT, [json.dumps({"id": "KZ-9001"}).encode()])
    with pytest.raises(OSError, match="No space") as caught:
        b"".join(XLSX.write(export))
    assert caught.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []
