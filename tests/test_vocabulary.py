import pytest
from django.db.models import TextChoices

from cases import vocabulary
from cases.models.fields import LANGUAGES
from cases.publishing.presumption import GUILT
from cases.vocabulary import LEGAL_STATUS_LABELS, LegalStatus

VOCABULARIES = [
    value
    for value in vars(vocabulary).values()
    if isinstance(value, type) and issubclass(value, TextChoices) and value is not TextChoices
]


def test_every_legal_status_has_a_label_in_every_language():
    assert LEGAL_STATUS_LABELS.keys() == set(LegalStatus)
    for labels in LEGAL_STATUS_LABELS.values():
        assert tuple(labels) == LANGUAGES
        assert all(labels.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_legal_statuses_never_share_a_label(language):
    labels = [labels[language] for labels in LEGAL_STATUS_LABELS.values()]
    assert len(set(labels)) == len(LegalStatus)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", sorted(set(LegalStatus) - {LegalStatus.CONVICTED}))
def test_no_label_says_guilt_before_a_conviction_is_final(status, language):
    assert not GUILT.search(LEGAL_STATUS_LABELS[status][language])


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_no_code_and_no_english_label_says_guilt(vocabulary):
    for code, label in vocabulary.choices:
        assert not GUILT.search(f"{code.replace('_', ' ')} {label}")


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_a_vocabulary_has_codes_that_fit_their_column_and_labels_that_differ(vocabulary):
    assert all(0 < len(code) <= 40 for code in vocabulary.values)
    assert len(set(vocabulary.labels)) == len(vocabulary)
