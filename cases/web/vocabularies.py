"""The labels of closed vocabularies in the reader's language."""

import inspect

from django.db.models import TextChoices
from django.utils.translation import pgettext

from cases import vocabulary

# Names of languages come with the CLDR, documents carry the labels of legal status, and the rest
# is for editors.
LEFT_OUT = {"Language", "LegalStatus", "LinkState", "Likeness", "Deed", "KeyPlan"}

VOCABULARIES: dict[str, type[TextChoices]] = {
    name: found
    for name, found in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(found, TextChoices) and found is not TextChoices and name not in LEFT_OUT
}


def label(name: str, code: str) -> str:
    """`label("Outcome", "acquitted")`; the name of the vocabulary is the context of the message."""
    return pgettext(name, str(VOCABULARIES[name](code).label))


def messages() -> list[tuple[str, str]]:
    """Every label with its context, for the catalogues."""
    return [(name, str(text)) for name, found in VOCABULARIES.items() for text in found.labels]
