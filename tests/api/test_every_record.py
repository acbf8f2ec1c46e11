"""Every record, real and generated: new, out of memory, compressed, in its list and in a file, it
is what the REST framework renders of the same rows of the working copy."""

import gzip
import json
import random
from itertools import cycle

import brotli
import pytest
from rest_framework.renderers import JSONRenderer

from cases.api.views.records import RECORDS, REFERENCE
from cases.edge.cache.wsgi import CachedAnswers
from cases.publishing.documents.build import documents
from cases.publishing.ledger import ledger
from tests import real_data
from tests.api.checked import MEMORY, Told, ask
from tests.api.test_answer_cache import django, environ
from tests.api.test_export_requests import unzstd
from tests.bench.data import enter

__all__ = ["django"]  # a fixture

LISTS = RECORDS | REFERENCE
DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": unzstd}
GENERATED, SEED = 25, 7


@pytest.fixture
def rendered(django):
    """By list and id, every record as the REST framework renders it."""
    chance = random.Random(SEED)
    for number in range(GENERATED):
        enter(number, chance)
    ledger.publish("synthetic")
    names = {kind: name for name, kind in LISTS.items()}
    found = {name: {} for name in LISTS}
    for document in documents():
        text = JSONRenderer().render(document.content)
        found[names[document.record]][document.public_id] = json.loads(text)
    assert len(found["cases"]) == real_data.sizes()["cases"] + GENERATED
    return found


def test_every_record_is_what_its_rows_are(django, rendered):
    cache = CachedAnswers(django, Told(), MEMORY)
    codings = cycle(DECODERS)
    for name, expected in rendered.items():
        lines = ask(django, environ(f"{name}/?format=ndjson"))[2].splitlines()
        in_file = {json.loads(line).get("id") or json.loads(line)["code"]: line for line in lines}
        page, listed = f"{name}/" + "?page_size=200" * (name in RECORDS), []
        while page:
            answer = json.loads(ask(cache, environ(page))[2])
            listed += answer["results"]
            page = (answer.get("next") or "").partition("/api/v1/")[2]
        assert in_file.keys() == expected.keys()
        in_list = {row.get("id") or row["code"]: row for row in listed}
        assert len(listed) == len(expected)
        for public_id, reference in expected.items():
            address = f"{name}/{public_id}/"
            status, headers, fresh = ask(cache, environ(address))
            asked = django.asked
            assert ask(cache, environ(address)) == (status, headers, fresh)
            assert django.asked == asked
            assert fresh == in_file[public_id]
            told = json.loads(fresh)
            assert in_list[public_id] == told
            assert told == reference | {key: told[key] for key in ("version", "publication")}
            coding = next(codings)
            asked = environ(address, HTTP_ACCEPT_ENCODING=coding)
            for _ in range(2):
                _, headers, compressed = ask(cache, dict(asked))
                assert headers.get("content-encoding", "") == coding or len(fresh) < 1_000
                coded = "content-encoding" in headers
                assert (DECODERS[coding](compressed) if coded else compressed) == fresh
