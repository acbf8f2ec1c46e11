"""A file that is begun before a redaction and finished after it: what it read is not sent."""

import pytest

from cases.api.exports import response
from cases.api.exports.files import FinishedFiles
from cases.edge.latest import LatestPublication
from cases.models import Case
from cases.publishing.ledger import ledger
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from tests import synthetic
from tests.api.checked import Told
from tests.api.test_concurrency import elsewhere
from tests.waiting import WAIT_TIMEOUT

pytestmark = pytest.mark.usefixtures("shared_database")

PERSON = "KZ-9001-D1"
FILES = ["ndjson", "csv", "parquet"]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Where finished files are kept: a folder of the test, which asks the database for its head."""
    folder = tmp_path / "exports"
    monkeypatch.setattr(
        response, "finished", FinishedFiles(folder, 10_000_000, Told(LatestPublication))
    )
    return folder


def meanwhile(monkeypatch, work):
    """Does `work` on another connection when a file has read its first record."""
    fetch_all, done = response.fetch_all, []

    def overtaken(rows):
        bodies = fetch_all(rows)
        yield next(bodies)
        if not done:
            done.append(elsewhere(work).result(WAIT_TIMEOUT))
        yield from bodies

    monkeypatch.setattr(response, "fetch_all", overtaken)


def publish():
    for number in (1, 2):
        synthetic.case(f"KZ-900{number}", defendant={"names": [("Zarzuk Blimpov", "full")]})
    ledger.publish("synthetic")


def content(answer):
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("form", FILES)
def test_a_redaction_refuses_the_file_and_the_next_one_is_clean(client, monkeypatch, kept, form):
    publish()
    target = redacting.find(PERSON, same=["KZ-9002-D1"])
    meanwhile(monkeypatch, lambda: actions.redact(target, "On request", None) and None)
    address = f"/api/v1/defendants/?format={form}&as_of=1"
    overtaken = client.get(address)
    assert (overtaken.status_code, overtaken.json()["code"]) == (503, "redacted")
    assert overtaken["Retry-After"] == "1"
    assert not any(b"Blimpov" in path.read_bytes() for path in kept.rglob("*") if path.is_file())
    again = client.get(address)
    assert again.status_code == 200
    assert again["Dataset-Count"] == "2"
    assert b"Blimpov" not in content(again)


def test_any_other_publication_lets_the_file_end_as_it_began(client, monkeypatch, kept):
    publish()

    def correct():
        synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
        ledger.publish("corrected")

    meanwhile(monkeypatch, correct)
    answer = client.get("/api/v1/cases/?format=ndjson")
    assert (answer.status_code, answer["Dataset-Publication"]) == (200, "1")
    assert content(answer).count(b'"publication":1') >= 2
