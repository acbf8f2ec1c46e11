"""Asking for exports."""

from cases.exporting.tables import TABLES

LISTS = {table.name: table for table in TABLES.values()}
MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
FILES = [form for form in MEDIA_TYPES if form != "json"]


def fetch(client, name, form, query="", **headers):
    answer = client.get(f"/api/v1/{name}/?format={form}{query}", headers=headers)
    assert answer.status_code == 200, answer.content
    return answer


def read(answer):
    """All of an answer. Closing it unread would end the transaction of the test."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def content(client, name, form, query="", **headers):
    return read(fetch(client, name, form, query, **headers))
