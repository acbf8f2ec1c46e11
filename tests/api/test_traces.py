"""After a redaction the program asks itself for the person, at every address that could tell."""

import orjson
import pytest
from django.test import RequestFactory

from cases.api.filters import CaseFilter, VerdictFilter
from cases.api.views.records import RECORDS, REFERENCE
from cases.charts.charts import CHARTS
from cases.edge.ratelimit.memory import ProcessCounter
from cases.exporting.formats import FORMATS
from cases.models import Entry, Publication, published
from cases.publishing import search
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.quality import traces
from cases.quality.traces import still_found
from cases.vocabulary import RecordKind
from cases.web.languages import LANGUAGES
from casesapi.server.lanes import Lane

PERSON = "KZ-9001-D1"
META = RequestFactory().get("/desk/").META


@pytest.fixture
def redacted(planted):
    target = redacting.find(PERSON)
    return target, actions.redact(target, "On request", planted)


@pytest.fixture
def few_addresses(monkeypatch):
    """Records, their history and search only: the whole walk takes seconds."""
    monkeypatch.setattr(traces, "_whole", lambda *asked: iter(()))
    monkeypatch.setattr(traces, "CHARTS", ())
    monkeypatch.setattr(traces, "LANGUAGES", ())


def put_back(kind, public_id, version, text="Zar\u200bzuk Blim\u200bpov"):
    """The name into a stored document, as if the redaction had overlooked it."""
    row = published(kind).get(public_id=public_id, version=version)
    body = orjson.loads(row.body)
    body |= {"summary": {"en": text}} if "summary" in body else {"title": text}
    published(kind).filter(pk=row.pk).update(body=orjson.dumps(body).decode())
    search.refold(kind, public_id)


def test_nothing_is_found_after_a_redaction(redacted):
    assert still_found(*redacted, META) == []


def test_to_ask_after_a_redaction_uses_up_no_quota_and_waits_for_no_thread(
    redacted, few_addresses, monkeypatch
):
    """An editor whose quota is used up would otherwise be told that nothing could be asked."""
    refused = []
    monkeypatch.setattr(ProcessCounter, "take", lambda *given, **more: refused.append(given))
    monkeypatch.setattr(Lane, "put", lambda *given: refused.append(given))
    assert still_found(*redacted, META) == []
    assert not refused


def test_a_name_that_is_left_is_found_at_every_address_that_tells_it(redacted):
    put_back(RecordKind.CASE, "KZ-9001", 2)
    put_back(RecordKind.SOURCE, "SRC-9001", 1, "#ZarzukBlimpov")
    Publication.objects.filter(number=1).update(note="Zar\xadzuk Blimpov was sentenced")
    Entry.objects.filter(publication=1).update(note="Zar\xadzuk Blimpov was sentenced")
    lines = still_found(*redacted, META)
    api = (
        *("cases/KZ-9001/?as_of=3", "cases/KZ-9001/?as_of=2", "cases/?page_size=100&as_of=3"),
        *(f"cases/?format={form}&as_of=3" for form in FORMATS),
        *("sources/SRC-9001/", "sources/?format=csv", "publications/?", "cases/KZ-9001/versions/"),
    )
    # Lists on pages and feeds show no summary, title or note.
    pages = [f"/{language}/cases/KZ-9001/" for language in LANGUAGES]
    for address in (*(f"/api/v1/{end}" for end in api), *pages):
        assert [line for line in lines if line.startswith(address)], address
    assert not [line for line in lines if "Zarzuk" in line or "could not be asked" in line]


def test_a_name_that_is_left_in_the_past_only_is_found_there(redacted, few_addresses):
    put_back(RecordKind.CASE, "KZ-9001", 1)
    lines = still_found(*redacted, META)
    assert any("as_of=1" in line for line in lines)
    # What later versions changed is told from the documents, and so from this one.
    assert all("as_of=1" in line or "/changed/" in line for line in lines)


def test_a_single_word_is_found_in_what_is_about_the_person(redacted, few_addresses):
    put_back(RecordKind.CASE, "KZ-9001", 2, "Blim\u200bpov served")
    assert [line for line in still_found(*redacted, META) if line.endswith("/summary/en")]


def test_an_address_that_cannot_be_asked_is_no_success(redacted, few_addresses, monkeypatch):
    answer = traces._Program._answer

    def broken(self, path, query):
        return (500, b"") if path.startswith("/feeds/") else answer(self, path, query)

    monkeypatch.setattr(traces._Program, "_answer", broken)
    lines = still_found(*redacted, META)
    assert lines
    assert all("could not be asked: status 500" in line for line in lines)


def test_a_publication_that_nobody_reads_yet_is_no_success(redacted, monkeypatch):
    monkeypatch.setattr(traces, "PATIENCE", 0)
    target, publication = redacted
    publication.number += 1
    [line] = still_found(target, publication, META)
    assert "is not read by the public yet" in line


def test_whatever_the_program_serves_is_asked():
    """A list, format, language or chart that is new has to be asked as well."""
    assert {*traces.LISTS.values(), *traces.OTHERS.values()} == RECORDS.keys() | REFERENCE.keys()
    assert {*traces.FILES, "ndjson"} == FORMATS.keys()
    assert set(traces.LANGUAGES) == set(LANGUAGES)
    about_people = (CaseFilter, VerdictFilter)
    asked = {name for name, chart in CHARTS.items() if chart.filters in about_people}
    assert set(traces.CHARTS) == asked
