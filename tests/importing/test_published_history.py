"""The real data: a database that has the first publication ends like a first start."""

from cases.importing.loading import load
from cases.models import Publication
from cases.publishing.ledger import diff, verify
from casesapi.postgres.state_dir import CHECKOUT
from tests import databases
from tests.importing.test_publications import current

FIXTURES = CHECKOUT / "fixtures"


def load_paths(*paths):
    return load(paths, "", lambda task, unit: iter)


def state():
    return current(), Publication.objects.count()


# Loads all real data, which takes some ten seconds.
def test_a_database_of_the_first_publication_ends_like_a_first_start(empty, monkeypatch):
    # It was published under the rules of its time.
    monkeypatch.setattr(diff, "_violations", lambda *arguments: iter(()))
    load_paths(FIXTURES / "reference", FIXTURES / "dataset")
    assert Publication.objects.count() == 1
    monkeypatch.undo()
    done = load_paths(FIXTURES)
    assert done.kept == []
    with databases.using(databases.LOADED):
        fresh = state()
    documents, count = state()
    assert count == fresh[1]
    different = [
        key for key in documents.keys() | fresh[0].keys() if documents.get(key) != fresh[0].get(key)
    ]
    assert different == []
    assert list(verify.differences()) == []
    assert load_paths(FIXTURES).publications == []
