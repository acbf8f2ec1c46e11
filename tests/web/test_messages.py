"""Every text of the pages is there in every language, and the compiled catalogues are of today."""

import re

import pytest
from django.utils import translation

from cases.web import messages


@pytest.fixture(params=messages.TRANSLATED)
def language(request):
    return request.param


def keys(catalog):
    return {(message.context, message.id) for message in catalog if message.id}


def test_every_message_that_is_used_is_in_the_catalogue_and_none_that_is_not(language):
    assert keys(messages.translated(language)) == keys(messages.used()), (
        "run `make messages` and translate what is new"
    )


def test_every_message_is_translated_and_none_is_fuzzy(language):
    assert messages.untranslated(messages.translated(language)) == []


def test_translations_have_the_placeholders_of_their_messages(language):
    wrong = [
        (message.id, str(error))
        for message, errors in messages.translated(language).check()
        for error in errors
    ]
    assert wrong == []


def test_placeholders_of_templates_are_there_too(language):
    """Babel checks those of code only: templates do not mark their messages."""

    def names(text):
        return sorted(set(re.findall(r"%\(\w+\)s", text)))

    for message in messages.translated(language):
        if isinstance(message.id, str) and message.id:
            assert names(message.id) == names(message.string), message.id


def test_the_compiled_catalogue_is_that_of_the_written_one(language):
    compiled = messages.file_of(language).with_suffix(".mo").read_bytes()
    assert compiled == messages.mo(messages.translated(language)), "run `make messages`"


def test_what_a_page_shows_is_the_translation_of_the_catalogue(language):
    """Other packages translate some of the same words, and must not win."""
    with translation.override(language):
        for message in messages.translated(language):
            if not isinstance(message.id, str) or not message.id:
                continue
            if message.context:
                said = translation.pgettext(message.context, message.id)
            else:
                said = translation.gettext(message.id)
            assert said == message.string


def test_writing_again_changes_nothing(language):
    written = messages.file_of(language).read_bytes()
    assert messages.po(messages.updated(language)) == written


def test_messages_are_found_in_code_templates_and_vocabularies():
    used = keys(messages.used())
    assert (None, "Skip to the content") in used  # a template
    assert (None, ("%(n)s year", "%(n)s years")) in used  # code
    assert ("Outcome", "acquitted") in used
