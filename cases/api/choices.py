"""The closed lists of codes that filters take, with the names of the codes."""

from dataclasses import dataclass, field
from typing import Protocol

import orjson
from django.db.models import TextChoices

from cases.api.state import State
from cases.models import published
from cases.vocabulary import RecordKind

Labels = dict[str, dict[str, str | None]]


class Choices(Protocol):
    """A closed list of codes. title: of the list, one for each."""

    @property
    def title(self) -> str: ...

    def known(self, state: State) -> frozenset[str] | list[str]:
        """The codes that may be asked for."""

    def labels(self, publication: int) -> Labels:
        """Their names by language, as they stood at a publication; one query at most."""


@dataclass(frozen=True)
class Words:
    """The codes of a closed vocabulary, labelled in English where nothing more is given."""

    vocabulary: type[TextChoices]
    translated: Labels | None = field(default=None, hash=False, compare=False)

    @property
    def title(self) -> str:
        return self.vocabulary.__name__

    def known(self, state: State) -> list[str]:
        return self.vocabulary.values

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

    def known(self, state: State) -> frozenset[str]:
        return state.countries if self.countries else state.known(self.kind)

    def labels(self, publication: int) -> Labels:
        bodies = published(self.kind).as_of(publication).values_list("public_id", "body")
        return {code: orjson.loads(body)["name"] for code, body in bodies}
