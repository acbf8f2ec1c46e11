"""Every list in every format, read back as people do, says what the JSON says."""

import csv
import io
import json
import re
from datetime import date, datetime

import duckdb
import openpyxl
import pandas
import pyarrow.parquet
import pytest

from cases.exporting.columns import Type
from cases.exporting.export import row_reader
from cases.exporting.formats.text import FORMULA
from tests import real_data
from tests.api.downloads import FILES, LISTS, content, fetch, read

MAPPED = ["cases", "defendants", "verdicts"]

pytestmark = pytest.mark.usefixtures("dataset", "db")


@pytest.fixture
def documents(client):
    """All records of a list, as the pages of JSON have them."""

    def pages(name, query=""):
        size = "" if "region" not in LISTS or name not in PAGED else "&page_size=200"
        address, found = f"/api/v1/{name}/?format=json{query}{size}", []
        while address:
            page = client.get(address).json()
            found += page["results"]
            address = page.get("next")
        return found

    return pages


PAGED = ["cases", "defendants", "verdicts", "sources", "statistics"]


def rows(name, found):
    """The rows that documents must become, as name and value."""
    columns = [column.of(real_data.publications()) for column in LISTS[name].columns]
    read = row_reader(columns)
    names = [column.name for column in columns]
    return [dict(zip(names, read(document), strict=True)) for document in found]


def as_cells(rows):
    """As text cells can tell: a list of one item that is not known is an empty cell."""
    return [{key: [] if value == [None] else value for key, value in row.items()} for row in rows]


def typed(name, rows):
    """With days and moments as such."""
    parse = {Type.DAY: date.fromisoformat, Type.MOMENT: datetime.fromisoformat}
    for row in rows:
        for column in LISTS[name].columns:
            if row[column.name] is not None and column.type in parse:
                row[column.name] = parse[column.type](row[column.name])
    return rows


def csv_rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def cell_value(column, cell):
    """What a CSV cell says, by the codebook."""
    if cell.startswith("'") and cell[1:].startswith(FORMULA):
        cell = cell[1:]
    if column.many:
        items = re.split(r"(?<!\\); ", cell) if cell else []
        return [cell_item(column, re.sub(r"\\(.)", r"\1", item)) for item in items]
    return cell_item(column, cell)


def cell_item(column, cell):
    if cell == "":
        return None
    if column.type is Type.BOOLEAN:
        return {"TRUE": True, "FALSE": False}[cell]
    return {Type.INTEGER: int, Type.NUMBER: float}.get(column.type, str)(cell)


@pytest.mark.parametrize("name", LISTS)
def test_csv_says_what_the_json_says(client, documents, name):
    columns = LISTS[name].columns
    found = [
        {column.name: cell_value(column, row[column.name]) for column in columns}
        for row in csv_rows(content(client, name, "csv"))
    ]
    assert found == as_cells(rows(name, documents(name)))


@pytest.mark.parametrize("name", LISTS)
def test_pandas_and_duckdb_read_the_csv_alike(client, tmp_path, name):
    file = tmp_path / "list.csv"
    file.write_bytes(content(client, name, "csv"))
    plain = csv_rows(file.read_bytes())
    frame = pandas.read_csv(file, dtype=str, keep_default_na=False)
    assert frame.to_dict("records") == plain
    read = duckdb.read_csv(str(file), all_varchar=True, header=True, delimiter=",", quotechar='"')
    found = [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()]
    assert [{name: cell or "" for name, cell in row.items()} for row in found] == plain


def test_booleans_of_csv_are_typed_by_those_who_read_it(client):
    """R takes TRUE and FALSE, and no other spelling that we could write."""
    data = content(client, "defendants", "csv", "&fields=name_withheld")
    assert set(data.decode().split("\r\n")[1].split(",")) & {"TRUE", "FALSE"}
    assert pandas.read_csv(io.BytesIO(data)).name_withheld.dtype == bool


@pytest.mark.parametrize("name", PAGED)
def test_ndjson_holds_the_documents_byte_for_byte(client, name):
    lines = content(client, name, "ndjson").splitlines(keepends=True)
    assert all(line.endswith(b"\n") for line in lines)
    for line in lines[:10]:
        assert client.get(f"/api/v1/{name}/{json.loads(line)['id']}/").content == line[:-1]


@pytest.mark.parametrize("name", LISTS)
def test_ndjson_is_the_list(client, documents, name):
    assert [json.loads(line) for line in content(client, name, "ndjson").splitlines()] == documents(
        name
    )


@pytest.mark.parametrize("name", LISTS)
def test_a_sheet_says_what_the_json_says(client, documents, name):
    book = openpyxl.load_workbook(io.BytesIO(content(client, name, "xlsx")))
    assert book.sheetnames == [name, "about"]
    head, *found = book[name].iter_rows(values_only=True)
    expected = typed(name, as_cells(rows(name, documents(name))))
    assert list(head) == [column.name for column in LISTS[name].columns]
    for got, row in zip(found, expected, strict=True):
        for value, column in zip(got, LISTS[name].columns, strict=True):
            if isinstance(value, datetime) and column.type is Type.DAY:
                value = value.date()
            if column.many:
                value = cell_value(column, value or "")
            assert value == row[column.name], column.name


@pytest.mark.parametrize("name", LISTS)
def test_parquet_says_what_the_json_says(client, documents, tmp_path, name):
    file = tmp_path / "list.parquet"
    file.write_bytes(content(client, name, "parquet"))
    expected = typed(name, rows(name, documents(name)))
    assert pyarrow.parquet.read_table(file).to_pylist() == expected
    frame = pandas.read_parquet(file, dtype_backend="pyarrow")
    assert list(frame) == [column.name for column in LISTS[name].columns]
    assert len(frame) == len(expected)
    wanted = [column.name for column in LISTS[name].columns if column.type is not Type.MOMENT]
    selected = ", ".join(f'"{column}"' for column in wanted)
    found = duckdb.sql(f"SELECT {selected} FROM read_parquet('{file}')").fetchall()
    assert found == [tuple(row[column] for column in wanted) for row in expected]


@pytest.mark.parametrize("name", MAPPED)
def test_a_map_shows_regions_and_nothing_else(client, documents, name):
    regions = {
        region["code"]: region["centroid"]
        for region in client.get("/api/v1/regions/").json()["results"]
    }
    collection = json.loads(content(client, name, "geojson"))
    found = documents(name)
    for feature, document, row in zip(
        collection["features"], found, rows(name, found), strict=True
    ):
        region = document.get("case", document)["region"]
        centroid = regions[region["code"]] if region else None
        point = centroid and {
            "type": "Point",
            "coordinates": [centroid["longitude"], centroid["latitude"]],
        }
        assert feature["geometry"] == point
        precision = "region_centroid" if point else None
        assert feature["properties"] == row | {"precision": precision}
    assert any(feature["geometry"] for feature in collection["features"])
    assert any(not feature["geometry"] for feature in collection["features"])


@pytest.mark.parametrize("form", FILES)
def test_filters_ordering_and_state_are_those_of_the_list(client, documents, form):
    query = "&region=UZ&sentence_months_min=40&ordering=-sentence_months&as_of=1"
    expected = [document["id"] for document in documents("cases", query)]
    assert len(expected) > 3
    assert ids(form, content(client, "cases", form, query)) == expected


@pytest.mark.parametrize("form", FILES)
def test_an_empty_selection_is_an_empty_file_with_its_columns(client, form):
    answer = fetch(client, "cases", form, "&ids=KZ-9999")
    assert answer["Dataset-Count"] == "0"
    data = read(answer)
    assert ids(form, data) == []
    names = [column.name for column in LISTS["cases"].columns]
    if form == "csv":
        assert data.decode() == ",".join(names) + "\r\n"
    if form == "parquet":
        assert pyarrow.parquet.read_schema(io.BytesIO(data)).names == names
    if form == "xlsx":
        (head,) = openpyxl.load_workbook(io.BytesIO(data))["cases"].iter_rows(values_only=True)
        assert list(head) == names


def ids(form, data):
    if form == "csv":
        return [row["id"] for row in csv_rows(data)]
    if form == "ndjson":
        return [json.loads(line)["id"] for line in data.splitlines()]
    if form == "geojson":
        return [feature["id"] for feature in json.loads(data)["features"]]
    if form == "parquet":
        return pyarrow.parquet.read_table(io.BytesIO(data))["id"].to_pylist()
    lines = openpyxl.load_workbook(io.BytesIO(data))["cases"].iter_rows(values_only=True)
    return [line[0] for line in lines][1:]


@pytest.mark.parametrize("bom", ["1", "true"])
def test_excel_gets_a_byte_order_mark_when_asked(client, bom):
    plain, marked = content(client, "cases", "csv"), content(client, "cases", "csv", f"&bom={bom}")
    assert marked == b"\xef\xbb\xbf" + plain


@pytest.mark.parametrize("name", [*MAPPED, "statistics"])
def test_sources_stand_beside_facts_when_asked(client, documents, name):
    found = csv_rows(content(client, name, "csv", "&provenance=inline"))
    plain = csv_rows(content(client, name, "csv"))
    facts = [column for column in LISTS[name].columns if column.fact]
    assert [
        {key: cell for key, cell in row.items() if not key.endswith("__sources")} for row in found
    ] == plain
    for row, document in zip(found, documents(name), strict=True):
        for column in facts:
            cited_at = column.citation
            if cited_at.objects:
                continue
            cited = [
                " ".join(filter(None, (citation["source"], citation["locator"])))
                + (" (differs)" if cited_at.field in citation["values"] else "")
                + (" (deprecated)" if citation["rank"] == "deprecated" else "")
                for citation in document["citations"]
                if cited_at.field in citation["fields"]
            ]
            cell = row[f"{column.name}__sources"]
            assert cell == "; ".join(item.replace(";", "\\;") for item in dict.fromkeys(cited))


def test_sources_stand_in_parquet_and_sheets_too(client):
    query = "&provenance=inline&ids=KZ-0009"
    (row,) = pyarrow.parquet.read_table(
        io.BytesIO(content(client, "cases", "parquet", query))
    ).to_pylist()  # fmt: skip
    assert row["charges__sources"] == ["SRC-0019 ¶7"]
    book = openpyxl.load_workbook(io.BytesIO(content(client, "cases", "xlsx", query)))
    head, line = book["cases"].iter_rows(values_only=True)
    assert dict(zip(head, line, strict=True))["charges__sources"] == "SRC-0019 ¶7"
