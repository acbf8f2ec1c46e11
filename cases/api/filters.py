"""The filters and orderings of every list."""

from collections.abc import Callable

from django.db.models import TextChoices

from cases.api.filtering import Codes, Days, Flag, Ids, Months, RecordFilterSet, Year
from cases.api.state import State
from cases.vocabulary import (
    CaseKind,
    CaseStatus,
    Conflict,
    LegalStatus,
    Measure,
    Outcome,
    Plea,
    Procedure,
    RecordKind,
    SourceKind,
)

CASE = r"[A-Z]{2}-[0-9]{4,}"


def words(vocabulary: type[TextChoices]) -> Callable[[State], list[str]]:
    """The codes of a closed vocabulary."""
    return lambda state: vocabulary.values


def codes(kind: RecordKind) -> Callable[[State], frozenset[str]]:
    """The published codes of a reference table."""
    return lambda state: state.known(kind)


def countries(state: State) -> frozenset[str]:
    return state.countries


# ISO 639 codes of the languages that sources come in; any other is a mistake.
LANGUAGES = [
    *("ar", "az", "be", "bg", "bs", "cs", "de", "en", "es", "fa", "fr", "he", "hi", "hr", "it"),
    *("ja", "ka", "kk", "ky", "lt", "lv", "mn", "nl", "pl", "pt", "ro", "ru", "sk", "sr", "tg"),
    *("tk", "tr", "tt", "ug", "uk", "uz", "zh"),
]


class ProsecutionFilter(RecordFilterSet):
    """What cases, defendants and verdicts can be asked for."""

    country = Codes(countries, "Country that prosecutes, ISO 3166-1.")
    region = Codes(codes(RecordKind.REGION), "Region of the court, ISO 3166-2, or its country.")
    court = Codes(codes(RecordKind.COURT), "Court of any ruling.")
    formation = Codes(
        codes(RecordKind.FORMATION), "Armed formation served in, or one it stands under."
    )
    article = Codes(
        codes(RecordKind.ARTICLE), "Article charged or applied; an article holds its parts."
    )
    kind = Codes(words(CaseKind), "What the case is about.")
    conflict = Codes(words(Conflict), "Which war.")
    status = Codes(words(CaseStatus), "Where the case stands.")
    legal_status = Codes(words(LegalStatus), "Where a defendant stands before the law.")
    outcome = Codes(words(Outcome), "Outcome of any ruling.")
    procedure = Codes(words(Procedure), "Court procedure.")
    plea = Codes(words(Plea), "What a defendant answered to the charge.")
    citizenship = Codes(countries, "A citizenship of a defendant, ISO 3166-1.")
    residence = Codes(codes(RecordKind.REGION), "Where a defendant lived, or its country.")
    publisher = Codes(codes(RecordKind.PUBLISHER), "Publisher of a source that is cited.")
    source = Ids("SRC-[0-9]{4,}", "SRC-0001", "A source that is cited.")
    has_court_document = Flag("Whether a court document is cited.")
    disputed = Flag("Whether sources differ on any value.")
    opened = Days("Day the case was opened.")
    decided = Days("Day of any ruling, or of its report where no day is printed.")
    sentence_months = Months("Imprisonment, in months, in any ruling.")

    default_ordering = "-decided"
    orderings = {
        "id": ("public_id", "public_id"),
        "publication": ("since", "since"),
        "opened": ("opened_first", "opened_last"),
        "decided": ("decided_first", "decided_last"),
        "sentence_months": ("sentence_least", "sentence_greatest"),
    }


class CaseFilter(ProsecutionFilter):
    id_pattern, id_example = CASE, "KZ-0001"


class DefendantFilter(ProsecutionFilter):
    id_pattern, id_example = f"{CASE}-D[0-9]+", "KZ-0001-D1"


class VerdictFilter(ProsecutionFilter):
    id_pattern, id_example = f"{CASE}-V[0-9]+", "KZ-0001-V1"


class SourceFilter(RecordFilterSet):
    publisher = Codes(codes(RecordKind.PUBLISHER), "Who published it.")
    kind = Codes(words(SourceKind), "Kind of source.")
    language = Codes(lambda state: LANGUAGES, "Language it is in, ISO 639.")
    published = Days("Day it was published.")
    archived = Flag("Whether an archived copy is known.")

    id_pattern, id_example = "SRC-[0-9]{4,}", "SRC-0001"
    default_ordering = "-published"
    orderings = {
        "id": ("public_id", "public_id"),
        "publication": ("since", "since"),
        "published": ("published_first", "published_last"),
    }


class StatisticFilter(RecordFilterSet):
    country = Codes(countries, "Country the figure is about, ISO 3166-1.")
    measure = Codes(words(Measure), "What is measured.")
    article = Codes(codes(RecordKind.ARTICLE), "Article counted; an article holds its parts.")
    formation = Codes(codes(RecordKind.FORMATION), "Formation counted, or one it stands under.")
    outcome = Codes(words(Outcome), "Outcome counted.")
    procedure = Codes(words(Procedure), "Procedure counted.")
    publisher = Codes(codes(RecordKind.PUBLISHER), "Publisher of a source that is cited.")
    year = Year("Figures for this year or a part of it.", "period")
    disputed = Flag("Whether another figure contradicts it.")

    id_pattern, id_example = "STAT-[0-9]{4,}", "STAT-0001"
    default_ordering = "-period"
    orderings = {
        "id": ("public_id", "public_id"),
        "publication": ("since", "since"),
        "period": ("period_first", "period_last"),
    }
