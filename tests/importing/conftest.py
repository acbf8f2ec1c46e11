import io
import re
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.core import management
from django.core.management.base import OutputWrapper

from cases.importing.loading import load
from cases.importing.problems import DatasetError
from cases.management import starting
from cases.publishing.ledger import diff
from cases.publishing.workflow import confirmations
from tests import databases


def no_bar(task, unit):
    return iter


class Dataset:
    """A copy of the synthetic dataset that a test may edit. Everything in it is invented."""

    def __init__(self, folder):
        self.folder = folder

    def restore(self):
        shutil.rmtree(self.folder)
        shutil.copytree(Path(__file__).parent / "dataset", self.folder)

    def edit(self, name, old, new):
        text = self.read(name)
        assert text.count(old) >= 1, f"{name} holds no {old!r}"
        self.write(name, text.replace(old, new))

    def confirm(self, name, **values):
        """Says in every citation that names one of the fields that it supports the new value."""

        def confirmed(match):
            indent, fields = match[1], re.split(r",\s*", match[2])
            found = [f"{field}: {values[field]}" for field in values if field in fields]
            more = f"{indent}confirmed: {{{', '.join(found)}}}\n" if found else ""
            return match[0] + more

        pattern = re.compile(r"( +)fields: \[([^\]]+)\]\n")
        self.write(name, pattern.sub(confirmed, self.read(name)))

    def read(self, name):
        return (self.folder / name).read_text("utf-8")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def line(self, name, text):
        """Number of the first line that holds a text."""
        lines = enumerate(self.read(name).splitlines(), 1)
        return next(number for number, line in lines if text in line)

    def load(self, *paths, note=""):
        return load(paths or [self.folder], note, no_bar)

    def problems(self, *paths):
        """All that is wrong, each as name of the file, line, place and detail.

        Whoever reads the list must find that nothing was written.
        """
        before = rows()
        with pytest.raises(DatasetError) as refused:
            self.load(*paths)
        assert rows() == before
        return [
            (str(path.relative_to(self.folder)) if path.is_absolute() else str(path), *rest)
            for path, *rest in refused.value.problems
        ]


def rows():
    """Number of rows in each table of ours."""
    models = apps.get_app_config("cases").get_models(include_auto_created=True)
    return {model.__name__: model._default_manager.count() for model in models}


@pytest.fixture
def without_rules(monkeypatch):
    """To be quick where only form and references are at issue."""
    monkeypatch.setattr(diff, "preview", lambda *given, **named: diff.Changes())


@pytest.fixture
def unasked(monkeypatch):
    """Where it is not at issue whether sources support a changed value."""
    monkeypatch.setattr(confirmations, "questions", lambda *arguments: iter(()))


@pytest.fixture
def dataset(tmp_path, db):
    """The dataset, of which nothing is loaded; the database is empty."""
    dataset = Dataset(tmp_path)
    dataset.restore()
    return dataset


@pytest.fixture(scope="module")
def published(_written, tmp_path_factory, django_db_setup, django_db_blocker):
    """The dataset, loaded and published once for all tests of a module and undone after them."""
    dataset = Dataset(tmp_path_factory.mktemp("published"))
    dataset.restore()
    with django_db_blocker.unblock(), databases.rolled_back(dataset.load):
        yield dataset


@pytest.fixture
def loaded(published, db):
    """The dataset as it is loaded and published already; what the test changes is undone."""
    published.restore()
    return published


@pytest.fixture
def starting_on(monkeypatch):
    """Prepares a start with a dataset in place of `fixtures/`. Returns what the operator is told,
    and what the commands printed."""

    def call(command, *args, **options):
        if command != "migrate":
            management.call_command(command, *args, **options)

    def start(dataset):
        monkeypatch.setattr(starting, "FIXTURES", dataset.folder)
        printed = io.StringIO()
        told = starting.prepare(OutputWrapper(printed), OutputWrapper(printed))
        return told, printed.getvalue()

    monkeypatch.setattr(starting, "call_command", call)
    return start
