"""What the synthetic dataset holds, and what the ledger says of it."""

import orjson

from cases.models import Entry, published

CASE = "cases/KZ-9001.yaml"
NUMBER_OF_FILES = 9

# What the synthetic dataset holds, and so what its first publication brings.
EVERYTHING = {
    ("publisher", "synthetic-daily"),
    ("region", "KZ"),
    ("region", "KZ-99"),
    ("court", "synthetic-district-court"),
    ("formation", "synthetic-brigade"),
    ("article", "KZ-9172"),
    ("source", "SRC-9001"),
    ("source", "SRC-9002"),
    ("statistic", "STAT-9001"),
    ("statistic", "STAT-9002"),
    ("case", "KZ-9001"),
    ("defendant", "KZ-9001-D1"),
    ("verdict", "KZ-9001-V1"),
    ("verdict", "KZ-9001-V2"),
    ("case", "KZ-9002"),
    ("defendant", "KZ-9002-D1"),
}


def entries(number):
    """What a publication did: operation, kind of record and id."""
    found = Entry.objects.filter(publication=number)
    return set(found.values_list("operation", "record", "public_id"))


def corrections(*ids):
    return {("correct", kind, id) for kind, id in EVERYTHING if id in ids}


def body(record, id):
    return orjson.loads(published(record).current().get(public_id=id).body)
