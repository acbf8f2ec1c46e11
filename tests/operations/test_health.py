"""A process says by itself whether it can answer; each reason by itself."""

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from cases.models import Entry, Publication
from cases.operations import health
from cases.publishing.ledger import ledger
from tests import synthetic

READY = "/health/ready"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    health.follows.cache_clear()


@pytest.fixture
def published():
    synthetic.everything()
    publication = ledger.publish()
    synthetic.source("SRC-9002", title="another")
    ledger.publish()
    return publication


def refused(client):
    response = client.get(READY)
    assert response.status_code == 503
    said = response.json()
    assert said["status"] == "unavailable"
    return said["reasons"]


def test_a_published_dataset_is_ready_and_says_how_old_it_is(client, published):
    response = client.get(READY)
    assert response.status_code == 200
    said = response.json()
    assert said.pop("published_at")
    assert said.pop("age_seconds") in range(60)
    assert said == {"status": "ok", "reasons": [], "publication": 2, "writable": True}


def test_the_age_is_never_below_zero_when_the_clock_was_set_back(client, published):
    later = timezone.now() + timedelta(hours=1)
    Publication.objects.filter(number=2).update(published_at=later)
    assert client.get(READY).json()["age_seconds"] == 0


def test_before_the_first_publication_it_is_not_ready(client):
    assert refused(client) == ["Nothing is published yet."]


def test_a_missing_migration_is_told(client, published):
    MigrationRecorder.Migration.objects.filter(app="cases").order_by("-id").first().delete()
    assert refused(client) == ["1 migrations are not applied: run manage.py migrate."]


def test_migrations_of_a_newer_program_do_no_harm(client, published):
    """While a deployment goes on, the old program runs on the new tables."""
    MigrationRecorder.Migration.objects.create(app="cases", name="9999_of_tomorrow")
    assert client.get(READY).status_code == 200


def test_a_head_whose_digest_is_wrong_is_told(client, published):
    Publication.objects.filter(number=2).update(digest="0" * 64)
    [reason] = refused(client)
    assert "wrong digest" in reason


def test_a_head_that_lost_an_entry_is_told(client, published):
    Entry.objects.filter(publication=2).delete()
    [reason] = refused(client)
    assert "wrong digest" in reason


def test_a_gap_is_told(client, published):
    Entry.objects.filter(publication=2).update(publication=1)
    Publication.objects.filter(number=2).update(number=2)
    Publication.objects.create(
        number=4, published_at=timezone.now(), digest=Publication.objects.get(number=2).digest
    )
    [reason] = refused(client)
    assert "gaps" in reason


def test_ready_costs_few_queries_and_the_entries_are_read_once(
    client, published, django_assert_num_queries
):
    client.get(READY)
    # Migrations (whether the table is there, and what it holds), head, count.
    with django_assert_num_queries(4):
        assert client.get(READY).status_code == 200


def test_live_asks_for_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/health/live", READY, "/metrics"])
def test_nothing_can_be_sent(client, path):
    assert client.post(path).status_code == 405
