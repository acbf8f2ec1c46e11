"""The filters and orderings of every list."""

from cases.api.request.choices import Published, VocabularyChoices
from cases.api.request.filter_types import (
    BooleanFilter,
    CodeFilter,
    Ids,
    MonthsFilter,
    PartialDateFilter,
    RecordFilterSet,
    Year,
)
from cases.api.request.search import Search
from cases.vocabulary import (
    LEGAL_STATUS_LABELS,
    CaseKind,
    CaseStatus,
    Conflict,
    Language,
    LegalStatus,
    Measure,
    Outcome,
    Plea,
    Procedure,
    RecordKind,
    SourceKind,
)

CASE = r"[A-Z]{2}-[0-9]{4,}"


COUNTRIES = Published(RecordKind.REGION, countries=True)


SEARCH = (
    "Words that a record holds, in any order, script and romanisation, with one typo each: names, "
    "places, case number, words of the summary and of titles. The last word may be unfinished."
)


class ProsecutionFilter(RecordFilterSet):
    """What cases, defendants and verdicts can be asked for."""

    country = CodeFilter(COUNTRIES, "Country that prosecutes, ISO 3166-1.")
    region = CodeFilter(
        Published(RecordKind.REGION), "Region of the court, ISO 3166-2, or its country."
    )
    court = CodeFilter(Published(RecordKind.COURT), "Court of any ruling.")
    formation = CodeFilter(
        Published(RecordKind.FORMATION), "Armed formation served in, or a higher formation."
    )
    article = CodeFilter(
        Published(RecordKind.ARTICLE), "Article charged or applied; an article includes its parts."
    )
    kind = CodeFilter(VocabularyChoices(CaseKind), "What the case is about.")
    conflict = CodeFilter(VocabularyChoices(Conflict), "Which war.")
    status = CodeFilter(VocabularyChoices(CaseStatus), "Stage of the case.")
    legal_status = CodeFilter(
        VocabularyChoices(LegalStatus, LEGAL_STATUS_LABELS),
        "Legal status of a defendant.",
    )
    outcome = CodeFilter(VocabularyChoices(Outcome), "Outcome of any ruling.")
    procedure = CodeFilter(VocabularyChoices(Procedure), "Court procedure.")
    plea = CodeFilter(VocabularyChoices(Plea), "What a defendant answered to the charge.")
    citizenship = CodeFilter(COUNTRIES, "A citizenship of a defendant, ISO 3166-1.")
    residence = CodeFilter(Published(RecordKind.REGION), "Where a defendant lived, or its country.")
    publisher = CodeFilter(Published(RecordKind.PUBLISHER), "Publisher of a source that is cited.")
    source = Ids("SRC-[0-9]{4,}", "SRC-0001", "A source that is cited.")
    has_court_document = BooleanFilter("Whether a court document is cited.")
    disputed = BooleanFilter("Whether sources differ on any value.")
    opened = PartialDateFilter("Day the case was opened.")
    decided = PartialDateFilter("Day of any ruling, or of its report where no day is printed.")
    sentence_months = MonthsFilter("Imprisonment, in months, in any ruling.")
    q = Search(SEARCH)

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
    publisher = CodeFilter(Published(RecordKind.PUBLISHER), "Who published it.")
    kind = CodeFilter(VocabularyChoices(SourceKind), "Kind of source.")
    language = CodeFilter(VocabularyChoices(Language), "Language it is in, ISO 639.")
    published = PartialDateFilter("Day it was published.")
    archived = BooleanFilter("Whether an archived copy is known.")
    cites = Ids("SRC-[0-9]{4,}", "SRC-0001", "A source that it relies on itself.")
    q = Search("Words of the title and the publisher, found as in cases.")

    id_pattern, id_example = "SRC-[0-9]{4,}", "SRC-0001"
    default_ordering = "-published"
    orderings = {
        "id": ("public_id", "public_id"),
        "publication": ("since", "since"),
        "published": ("published_first", "published_last"),
    }


class StatisticFilter(RecordFilterSet):
    country = CodeFilter(COUNTRIES, "Country the figure is about, ISO 3166-1.")
    measure = CodeFilter(VocabularyChoices(Measure), "What is measured.")
    article = CodeFilter(
        Published(RecordKind.ARTICLE), "Article counted; an article includes its parts."
    )
    formation = CodeFilter(
        Published(RecordKind.FORMATION), "Formation counted, or a higher formation."
    )
    outcome = CodeFilter(VocabularyChoices(Outcome), "Outcome counted.")
    procedure = CodeFilter(VocabularyChoices(Procedure), "Procedure counted.")
    publisher = CodeFilter(Published(RecordKind.PUBLISHER), "Publisher of a source that is cited.")
    source = Ids("SRC-[0-9]{4,}", "SRC-0001", "A source that is cited.")
    year = Year("Figures for this year or a part of it.", "period")
    disputed = BooleanFilter("Whether another figure contradicts it.")

    id_pattern, id_example = "STAT-[0-9]{4,}", "STAT-0001"
    default_ordering = "-period"
    orderings = {
        "id": ("public_id", "public_id"),
        "publication": ("since", "since"),
        "period": ("period_first", "period_last"),
    }
