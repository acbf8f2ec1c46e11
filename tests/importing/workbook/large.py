"""A workbook of 10,000 invented rows, and 137 errors to plant in it."""

from datetime import datetime

from tests import synthetic

SYLLABLES = ("ba", "do", "fe", "gi", "lu", "ma", "no", "pe", "ri", "tu")
CASES, STATISTICS, SOURCES, CITATIONS = 1_000, 4_000, 500, 500
ROWS = CASES * 5 + STATISTICS + SOURCES + CITATIONS
ERRORS = 137


def references():
    """What the rows point at."""
    synthetic.court()
    synthetic.article()
    synthetic.formation(synthetic.BRIGADE)
    synthetic.publisher()
    synthetic.source()


def spelt(number):
    """A number as a word that is like no other."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:03}").capitalize()


def sheets():
    cited = {"source": synthetic.SOURCE, "locator": "¶1"}
    case = {"country": "KZ", "kind": "participation", "conflict": "2022-", "status": "decided"}
    return {
        "sources": [
            {
                "id": f"new-s{number}",
                "publisher": synthetic.PUBLISHER,
                "kind": "news_report",
                "title": f"Синтетический заголовок {number}",
                "title_language": "ru",
                "language": "ru",
                "url": f"https://example.org/synthetic/{number}",
                "published": "2024-09",
                "extent_read": "full",
            }
            for number in range(SOURCES)
        ],
        "cases": [
            {
                "id": f"new-c{number}",
                **case,
                "region": synthetic.REGION,
                "court": synthetic.COURT,
                "charges": synthetic.ARTICLE,
                "opened": "2024",
                "summary_en": f"A synthetic case, number {number}.",
                **cited,
                "source": f"new-s{number % SOURCES}",
            }
            for number in range(CASES)
        ],
        "defendants": [
            {
                "id": f"new-d{number}",
                "case": f"new-c{number}",
                "sex": "male",
                "citizenships": "KZ",
                "age": 30,
                "age_as_of": "2024",
                **cited,
            }
            for number in range(CASES)
        ],
        "names": [
            {
                "defendant": f"new-d{number}",
                "text": f"Synthetic{spelt(number)} {spelt(999 - number)}",
                "language": "en",
                "kind": "full",
                **cited,
            }
            for number in range(CASES)
        ],
        "services": [
            {
                "defendant": f"new-d{number}",
                "formation": synthetic.BRIGADE,
                "began": "2022-11",
                "contract_months": 6,
                **cited,
            }
            for number in range(CASES)
        ],
        "verdicts": [
            {
                "id": f"new-v{number}",
                "defendant": f"new-d{number}",
                "court": synthetic.COURT,
                "instance": "first",
                "date": "2024-09-10",
                "outcome": "convicted",
                "articles": synthetic.ARTICLE,
                "sentence_months": 72,
                "sentence_kind": "imprisonment",
                **cited,
            }
            for number in range(CASES)
        ],
        "citations": [
            {
                "record": f"new-v{number}",
                "source": f"new-s{number}",
                "locator": "¶2",
                "fields": "outcome; sentence_months",
                "rank": "deprecated",
                "states": "sentence_months: 84",
            }
            for number in range(CITATIONS)
        ],
        "statistics": [
            {
                "measure": "cases_opened",
                "counted_en": "synthetic cases",
                "counted_ru": "синтетические дела",
                "unit": "cases",
                "country": "KZ",
                "period": "2024",
                "value": number,
                "qualifier": "exact",
                "counted_by_en": "Synthetic Daily",
                **cited,
            }
            for number in range(STATISTICS)
        ],
    }


# Sheet, column, what is typed, how it is shown, and what the reason must say. Each is one problem.
KINDS = [
    ("statistics", "measure", "cases_opend", "cases_opend", "did you mean cases_opened?"),
    ("statistics", "value", "7 09", "7 09", "is no number"),
    ("statistics", "value", "=1+1", "=1+1", "is a formula"),
    ("statistics", "value", -5, "-5", "less than the minimum of 0"),
    ("statistics", "period", datetime(2025, 2, 1), "2025-02-01", "type 2025-02 for the month"),
    ("statistics", "period", "02.2025", "02.2025", "write the year first: 2025-02"),
    ("statistics", "period", 45689, "45689", "perhaps 2025-02-01"),
    ("statistics", "country", "ZZ", "ZZ", "ZZ is no known region"),
    ("statistics", "qualifier", "precise", "precise", "allowed: exact, approximate"),
    ("statistics", "unit", None, "", "is missing"),
    ("statistics", "counted_by_en", "  ", "", "is missing"),
    ("statistics", "source", "SRC-999999", "SRC-999999", "is no known source"),
    ("statistics", "source", None, "", "a source is missing"),
    ("cases", "court", "synthetic-nowhere", "synthetic-nowhere", "is no known court"),
    ("cases", "status", "settled", "settled", "is not allowed here"),
    ("cases", "summary_en", None, "", "is missing"),
    ("cases", "charges", "KZ-9999", "KZ-9999", "is no known article"),
    ("cases", "opened", "2024-13", "2024-13", "is no date that can be read"),
    ("cases", "region", "#N/A", "#N/A", "is an error of Excel"),
    ("defendants", "age", 30.5, "30.5", "is no whole number"),
    ("defendants", "age", 200, "200", "greater than the maximum of 110"),
    ("defendants", "age_as_of", None, "", "it goes with age"),
    ("defendants", "citizenships", "KAZ", "KAZ", "is not of the form expected"),
    ("defendants", "sex", "man", "man", "allowed: male, female"),
    ("names", "language", "Russian", "Russian", "is not of the form expected"),
    ("names", "kind", None, "", "is missing"),
    ("names", "source", None, "", "a source is missing, for names"),
    ("services", "formation", "synthetic-nobody", "synthetic-nobody", "is no known formation"),
    ("services", "began", "вчера", "вчера", "is no date that can be read"),
    ("services", "contract_months", 0, "0", "less than the minimum of 1"),
    ("verdicts", "outcome", "convict", "convict", "did you mean convicted?"),
    ("verdicts", "sentence_months", "6 лет", "6 лет", "is no number"),
    ("verdicts", "articles", "KZ-9172; KZ-9172", "KZ-9172; KZ-9172", "names KZ-9172 twice"),
    ("sources", "publisher", "synthetic-nobody", "synthetic-nobody", "is no known publisher"),
    ("sources", "url", "example.org", "example.org", "is not of the form expected"),
    ("sources", "title_language", None, "", "it goes with title"),
    ("citations", "record", "KZ-9999-V1", "KZ-9999-V1", "is no case, defendant"),
    ("citations", "rank", "best", "best", "allowed: preferred, normal, deprecated"),
    ("citations", "states", "eighty", "eighty", "write a line a field"),
    ("citations", "fields", "sentence", "sentence", "is not allowed"),
    ("citations", "states", "sentence: 84", "sentence: 84", "is unknown here"),
]


def planted(rows):
    """Spoils rows of a workbook; returns each error as sheet, row, column, value and reason."""
    errors = []
    number = 7
    while len(errors) < ERRORS:
        for sheet, column, typed, shown, reason in KINDS:
            if len(errors) == ERRORS:
                break
            number += 1
            # Far apart, so that no row has two, and none hangs on another that is spoilt.
            index = number * 3 % len(rows[sheet])
            rows[sheet][index][column] = typed
            errors.append((sheet, index + 2, column, shown, reason))
    return sorted(errors)
