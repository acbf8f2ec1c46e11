"""The filters and orderings of every list."""

from cases.api.choices import Published, Words
from cases.api.filtering import (
    Codes,
    Days,
    Flag,
    Ids,
    Months,
    RecordFilterSet,
    Year,
)
from cases.api.searching import Search
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

    country = Codes(COUNTRIES, "Country that prosecutes, ISO 3166-1.")
    region = Codes(Published(RecordKind.REGION), "Region of the court, ISO 3166-2, or its country.")
    court = Codes(Published(RecordKind.COURT), "Court of any ruling.")
    formation = Codes(
        Published(RecordKind.FORMATION), "Armed formation served in, or one it stands under."
    )
    article = Codes(
        Published(RecordKind.ARTICLE), "Article charged or applied; an article holds its parts."
    )
    kind = Codes(Words(CaseKind), "What the case is about.")
    conflict = Codes(Words(Conflict), "Which war.")
    status = Codes(Words(CaseStatus), "Where the case stands.")
    legal_status = Codes(
        Words(LegalStatus, LEGAL_STATUS_LABELS), "Where a defendant stands before the law."
    )
    outcome = Codes(Words(Outcome), "Outcome of any ruling.")
    procedure = Codes(Words(Procedure), "Court procedure.")
    plea = Codes(Words(Plea), "What a defendant answered to the charge.")
    citizenship = Codes(COUNTRIES, "A citizenship of a defendant, ISO 3166-1.")
    residence = Codes(Published(RecordKind.REGION), "Where a defendant lived, or its country.")
    publisher = Codes(Published(RecordKind.PUBLISHER), "Publisher of a source that is cited.")
    source = Ids("SRC-[0-9]{4,}", "SRC-0001", "A source that is cited.")
    has_court_document = Flag("Whether a court document is cited.")
    disputed = Flag("Whether sources differ on any value.")
    opened = Days("Day the case was opened.")
    decided = Days("Day of any ruling, or of its report where no day is printed.")
    sentence_months = Months("Imprisonment, in months, in any ruling.")
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
    publisher = Codes(Published(RecordKind.PUBLISHER), "Who published it.")
    kind = Codes(Words(SourceKind), "Kind of source.")
    language = Codes(Words(Language), "Language it is in, ISO 639.")
    published = Days("Day it was published.")
    archived = Flag("Whether an archived copy is known.")
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
    country = Codes(COUNTRIES, "Country the figure is about, ISO 3166-1.")
    measure = Codes(Words(Measure), "What is measured.")
    article = Codes(Published(RecordKind.ARTICLE), "Article counted; an article holds its parts.")
    formation = Codes(Published(RecordKind.FORMATION), "Formation counted, or one it stands under.")
    outcome = Codes(Words(Outcome), "Outcome counted.")
    procedure = Codes(Words(Procedure), "Procedure counted.")
    publisher = Codes(Published(RecordKind.PUBLISHER), "Publisher of a source that is cited.")
    source = Ids("SRC-[0-9]{4,}", "SRC-0001", "A source that is cited.")
    year = Year("Figures for this year or a part of it.", "period")
    disputed = Flag("Whether another figure contradicts it.")

    id_pattern, id_example = "STAT-[0-9]{4,}", "STAT-0001"
    default_ordering = "-period"
    orderings = {
        "id": ("public_id", "public_id"),
        "publication": ("since", "since"),
        "period": ("period_first", "period_last"),
    }
