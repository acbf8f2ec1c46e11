"""Every text of charts and feeds is there in Russian and Kazakh, and compiled."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from cases import charts, feeds
from cases.api.filters import CaseFilter, SourceFilter, StatisticFilter, VerdictFilter
from cases.charts.words import FILTERS

HOMES = [Path(package.__path__[0]) for package in (charts, feeds)]
both = pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def used(home):
    found = extract_from_dir(home, [("**.py", "python")], keywords=KEYWORDS)
    return {(context, message) for _, _, message, _, context in found}


def translated(home, language):
    with (home / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


@both
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_text_is_translated_and_no_translation_is_left_over(home, language):
    messages = translated(home, language)
    assert {(message.context, message.id) for message in messages} == used(home)
    for message in messages:
        assert all(strings(message)), message.id
        assert not message.fuzzy


@both
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_what_is_filled_in_is_filled_in_in_every_language(home, language):
    for message in translated(home, language):
        wanted = message.id if isinstance(message.id, str) else message.id[-1]
        for text in strings(message):
            assert sorted(places(text)) == sorted(places(wanted)), text


def places(text):
    return re.findall(r"%(?:\(\w+\))?s", text)


@both
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_compiled_catalogue_is_that_of_the_text(home, language):
    with (home / f"locale/{language}/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = GNUTranslations(file)._catalog
    expected = {}
    for message in translated(home, language):
        if isinstance(message.id, tuple):
            expected |= {(message.id[0], form): text for form, text in enumerate(message.string)}
        else:
            expected[message.id] = message.string
    assert {key: text for key, text in compiled.items() if key} == expected


def test_every_filter_has_a_name():
    sets = (CaseFilter, VerdictFilter, SourceFilter, StatisticFilter)
    every = set().union(*(one.base_filters for one in sets))
    assert every - {"q"} == FILTERS.keys()
