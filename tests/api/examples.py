"""A small invented world with one example of whatever a filter tells apart."""

from typing import Any

from tests.api.published import Document, prosecution, reference, source, statistic

Json = dict[str, Any]

REFERENCE = reference(
    region=["KZ", "KZ-59", "KZ-75", "UZ", "UZ-TK", "KG"],
    court=["district", "regional", "city"],
    formation=["ministry", "army", "unit", "wagner"],
    article=["KZ-170", "KZ-170-3", "KZ-172", "UZ-154"],
    publisher=["court", "daily", "weekly"],
)


def day(value: str, earliest: str | None, latest: str | None) -> Json:
    return {"value": value, "earliest": earliest, "latest": latest}


def on(value: str) -> Json:
    return day(value, value, value)


def region(code: str) -> Json:
    return {"code": code, "within": [code.partition("-")[0]] if "-" in code else []}


def cited(public_id: str, publisher: str, kind: str = "news_report", cited: bool = True) -> Json:
    return {"id": public_id, "publisher": {"id": publisher}, "kind": kind, "cited": cited}


MINISTRY = {"id": "ministry", "within": []}
UNIT = {"id": "unit", "within": ["army", "ministry"]}
WAGNER = {"id": "wagner", "within": []}
PART = {"code": "KZ-170-3", "within": ["KZ-170"]}
PARTICIPATION = {"code": "KZ-172", "within": []}
UZBEK = {"code": "UZ-154", "within": []}

# Everything known. Of the sources, only one is cited by the case itself.
FULL = prosecution(
    {
        "id": "KZ-0001",
        "country": "KZ",
        "kind": "participation",
        "conflict": "2022-",
        "status": "final",
        "region": region("KZ-59"),
        "court": {"id": "district"},
        "charges": [PART],
        "procedure": "simplified",
        "opened": day("2025-02", "2025-02-01", "2025-02-28"),
    },
    {
        "legal_status": {"code": "convicted"},
        "plea": "admitted",
        "citizenships": ["KZ", "UZ"],
        "residence_region": region("KZ-75"),
        "services": [{"formation": UNIT}, {"formation": None}],
    },
    {
        "court": {"id": "district"},
        "date": on("2025-06-10"),
        "reported": on("2025-12-31"),
        "outcome": "convicted",
        "articles": [PART],
        "sentence_months": 72,
        "sentence_kind": "imprisonment",
    },
    sources=[
        cited("SRC-0001", "court", "court_document"),
        cited("SRC-0002", "daily", cited=False),
    ],
    disputed=["/opened"],
)

# Two rulings: one before 2025, one after it; one shorter than 48 months, one longer than 96.
TWICE = prosecution(
    {
        "id": "KZ-0002",
        "country": "KZ",
        "kind": "recruitment",
        "conflict": "2014-2021",
        "status": "appeal",
        "region": region("KZ-75"),
        "court": {"id": "city"},
        "charges": [PARTICIPATION],
        "procedure": "ordinary",
        "opened": on("2024-11-30"),
    },
    {
        "legal_status": {"code": "convicted_not_final"},
        "plea": "denied",
        "citizenships": ["KZ"],
        "residence_region": region("KZ-59"),
        "services": [{"formation": WAGNER}],
    },
    {
        "court": {"id": "city"},
        "date": on("2024-12-20"),
        "reported": None,
        "outcome": "convicted",
        "articles": [PARTICIPATION],
        "sentence_months": 24,
        "sentence_kind": "imprisonment",
    },
    {
        "court": {"id": "regional"},
        "date": on("2026-01-15"),
        "reported": None,
        "outcome": "changed",
        "articles": [PARTICIPATION],
        "sentence_months": 120,
        "sentence_kind": "imprisonment",
    },
    sources=[cited("SRC-0002", "daily"), cited("SRC-0001", "court", "court_document", cited=False)],
)

# 72 months that are no imprisonment; the day is not printed, so the report stands in for it.
RESTRICTED = prosecution(
    {
        "id": "UZ-0001",
        "country": "UZ",
        "kind": "attempt",
        "conflict": "2022-",
        "status": "decided",
        "region": region("UZ-TK"),
        "court": {"id": "city"},
        "charges": [UZBEK],
        "procedure": "ordinary",
        "opened": day("2025", "2025-01-01", "2025-12-31"),
    },
    {
        "legal_status": {"code": "convicted_not_final"},
        "plea": "partly_admitted",
        "citizenships": ["UZ"],
        "residence_region": region("UZ-TK"),
        "services": [{"formation": MINISTRY}],
    },
    {
        "court": {"id": "city"},
        "date": None,
        "reported": day("2025-07", "2025-07-01", "2025-07-31"),
        "outcome": "convicted",
        "articles": [UZBEK],
        "sentence_months": 72,
        "sentence_kind": "restricted_freedom",
    },
    sources=[cited("SRC-0002", "daily"), cited("SRC-0003", "weekly")],
)

# Nothing known but the country, and no ruling, so no verdict either.
BARE = prosecution(
    {
        "id": "UZ-0002",
        "country": "UZ",
        "kind": "participation",
        "conflict": "2022-",
        "status": "investigation",
        "region": None,
        "court": None,
        "charges": [],
        "procedure": None,
        "opened": None,
    },
    {
        "legal_status": {"code": "accused"},
        "plea": None,
        "citizenships": [],
        "residence_region": None,
    },
)

# Acquitted at some time in 2025; opened before a day, nobody knows how long.
ACQUITTED = prosecution(
    {
        "id": "KG-0001",
        "country": "KG",
        "kind": "participation",
        "conflict": "2022-",
        "status": "final",
        "region": region("KG"),
        "court": {"id": "district"},
        "charges": [],
        "procedure": "ordinary",
        "opened": day("../2024-06", None, "2024-06-30"),
    },
    {
        "legal_status": {"code": "acquitted"},
        "plea": "denied",
        "citizenships": ["KG"],
        "residence_region": region("KG"),
    },
    {
        "court": {"id": "district"},
        "date": day("2025", "2025-01-01", "2025-12-31"),
        "reported": None,
        "outcome": "acquitted",
        "articles": [],
        "sentence_months": None,
        "sentence_kind": None,
    },
    sources=[cited("SRC-0003", "weekly")],
)


def _source(number: int, publisher: str, kind: str, language: str, **facts: Any) -> Document:
    return source(
        f"SRC-000{number}", publisher={"id": publisher}, kind=kind, language=language, **facts
    )


SOURCES = [
    _source(1, "court", "court_document", "kk", published=on("2025-02-14"), archive_url="http://a"),
    _source(
        2,
        *("daily", "news_report", "ru"),
        published=day("2025", "2025-01-01", "2025-12-31"),
        archive_url=None,
        cites=["SRC-0001"],
    ),
    _source(
        3,
        *("weekly", "news_report", "en"),
        published=None,
        archive_url="http://b",
        cites=["SRC-0002"],
    ),
]

STATISTICS = [
    statistic(
        "STAT-0001",
        country="KZ",
        measure="cases_opened",
        articles=[PARTICIPATION],
        formation=None,
        outcome="convicted",
        procedure="simplified",
        period=day("2025", "2025-01-01", "2025-12-31"),
        sources=[cited("SRC-0001", "court"), cited("SRC-0002", "daily", cited=False)],
        disputed=["STAT-0002"],
    ),
    statistic(
        "STAT-0002",
        country="KZ",
        measure="killed",
        articles=[PART],
        formation=UNIT,
        outcome=None,
        procedure="ordinary",
        period=day("2024-11/2025-02", "2024-11-01", "2025-02-28"),
        sources=[cited("SRC-0002", "daily")],
        disputed=["STAT-0001"],
    ),
    statistic(
        "STAT-0003",
        country="UZ",
        measure="killed",
        articles=[],
        formation=WAGNER,
        outcome="acquitted",
        procedure=None,
        period=day("2024-03", "2024-03-01", "2024-03-31"),
        sources=[cited("SRC-0003", "weekly")],
        disputed=[],
    ),
    statistic(
        "STAT-0004",
        country=None,
        measure="sentences",
        articles=[UZBEK, PART],
        formation=MINISTRY,
        outcome=None,
        procedure=None,
        period=day("../2024", None, "2024-12-31"),
        sources=[],
        disputed=[],
    ),
    statistic("STAT-0005", country="KG", measure="sentences", period=None, sources=[], disputed=[]),
]

EVERYTHING = [
    *REFERENCE,
    *(document for case in (FULL, TWICE, RESTRICTED, BARE, ACQUITTED) for document in case),
    *SOURCES,
    *STATISTICS,
]
