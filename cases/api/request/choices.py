"""The lists of codes that filters take, with the names of the codes: vocabularies are closed, and
reference tables grow with the dataset."""

from dataclasses import dataclass, field
from typing import Protocol

import orjson
from django.db.models import TextChoices

from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.request.snapshots import Snapshot
from cases.models import published
from cases.models.fields import IdField
from cases.publishing.serializers.documents import DOCUMENTS
from cases.vocabulary import RecordKind

Labels = dict[str, dict[str, str | None]]


# A code of each reference table that the synthetic and the real data have.
EXAMPLES = {
    RecordKind.REGION: "KZ-59",
    RecordKind.COURT: "kz-kyzylzhar-district-court",
    RecordKind.FORMATION: "wagner",
    RecordKind.ARTICLE: "KZ-172",
    RecordKind.PUBLISHER: "mediazona",
}


class Choices(Protocol):
    """A list of codes. title: of the list, one for each."""

    @property
    def title(self) -> str: ...

    def known(self, snapshot: Snapshot) -> frozenset[str] | list[str]:
        """The codes that may be asked for."""

    def describe(self, description: str, snapshot: Snapshot) -> Described:
        """A parameter that takes any of them."""

    def labels(self, publication: int) -> Labels:
        """Their names by language, as they stood at a publication; one query at most."""


@dataclass(frozen=True)
class VocabularyChoices:
    """The codes of a closed vocabulary, labelled in English where nothing more is given."""

    vocabulary: type[TextChoices]
    translated: Labels | None = field(default=None, hash=False, compare=False)

    @property
    def title(self) -> str:
        return self.vocabulary.__name__

    def known(self, snapshot: Snapshot) -> list[str]:
        return self.vocabulary.values

    def describe(self, description: str, snapshot: Snapshot) -> Described:
        return parameter_docs.choices(description, sorted(self.known(snapshot)), self.title)

    def labels(self, publication: int) -> Labels:
        return self.translated or {
            code: {"en": str(label), "ru": None, "kk": None}
            for code, label in self.vocabulary.choices
        }


@dataclass(frozen=True)
class Published:
    """The codes of a published reference table; `countries`: only those of countries."""

    kind: RecordKind
    countries: bool = False

    @property
    def title(self) -> str:
        return "CountryCode" if self.countries else f"{self.kind.capitalize()}Code"

    def known(self, snapshot: Snapshot) -> frozenset[str]:
        return snapshot.countries if self.countries else snapshot.known(self.kind)

    def describe(self, description: str, snapshot: Snapshot) -> Described:
        # As the column checks it, so that no code can be added that a client would refuse.
        column = DOCUMENTS[self.kind].Meta.model._meta.pk  # type: ignore[attr-defined]
        assert isinstance(column, IdField)
        pattern = "^[A-Z]{2}$" if self.countries else column.pattern
        example = "KZ" if self.countries else EXAMPLES[self.kind]
        allowed = sorted(self.known(snapshot))
        return parameter_docs.codes(description, allowed, self.title, pattern, example)

    def labels(self, publication: int) -> Labels:
        bodies = published(self.kind).as_of(publication).values_list("public_id", "body")
        return {code: orjson.loads(body)["name"] for code, body in bodies}
