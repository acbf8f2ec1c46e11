"""The documents of the synthetic working copy, in full.

What stands in several documents stands here once; DOCUMENT is what records that cite add.
"""


def en(text):
    return {"en": text, "ru": None, "kk": None}


def date(value, earliest=None, latest=None):
    earliest = earliest or value
    return {"value": value, "earliest": earliest, "latest": latest or earliest}


def cited(*fields):
    return [
        {
            "fields": list(fields),
            "source": "SRC-9001",
            "locator": "¶ 1",
            "rank": "normal",
            "values": {},
        }
    ]


PUBLISHER = {"id": "synthetic-daily", "name": en("Synthetic Daily")}
REGION = {"code": "KZ-99", "name": en("Synthetic Region KZ-99"), "within": ["KZ"]}
COURT = {
    "id": "synthetic-district-court",
    "name": en("Synthetic District Court"),
    "level": "district",
    "region": "KZ-99",
}
PART = {"code": "KZ-9172-2", "name": en("Synthetic offence"), "within": ["KZ-9172"]}

STATE = {"version": 1, "publication": 1}

DOCUMENT = STATE | {
    "sources": [
        {
            "id": "SRC-9001",
            "path": "/api/v1/sources/SRC-9001/",
            "publisher": PUBLISHER,
            "kind": "news_report",
            "title": "Synthetic report",
            "language": "en",
            "url": "https://synthetic.example/SRC-9001",
            "archive_url": None,
            "published": date("2024-09-12"),
            "extent_read": "full",
            "cites": [],
            "cited": True,
        }
    ],
    "disputed": [],
}

CASE = {
    "id": "KZ-9001",
    "url": "/api/v1/cases/KZ-9001/",
    "country": "KZ",
    "kind": "participation",
    "conflict": "2022-",
    "status": "decided",
    "court_case_number": "9-24-9001",
    "region": REGION,
    "court": COURT,
    "charges": [PART],
    "opened": date("2024-03-01"),
    "sent_to_court": date("2024-06", "2024-06-01", "2024-06-30"),
    "procedure": "ordinary",
    "summary": en("A synthetic person served in a synthetic brigade."),
    "remarks": None,
    "citations": cited(
        *("country", "kind", "conflict", "status", "court_case_number", "region", "court"),
        *("charges", "opened", "sent_to_court", "procedure", "summary"),
    ),
}

SERVICE = {
    "id": "KZ-9001-D1-S1",
    "formation": {
        "id": "synthetic-platoon",
        "name": en("Synthetic Platoon"),
        "within": ["synthetic-brigade", "synthetic-army"],
    },
    "contract_signed": date("2022-11-01"),
    "contract_months": 6,
    "began": date("2022-11-05"),
    "ended": date("2023-05", "2023-05-01", "2023-05-31"),
    "places": en(["Synthetic Village"]),
    "duties": None,
    "training": None,
    "wounded_on": date("2023-02~", "2023-02-01", "2023-02-28"),
    "end_reason": "contract_ended",
    "returned_on": date("2023-06", "2023-06-01", "2023-06-30"),
    "remarks": None,
    "citations": cited(
        *("formation", "contract_signed", "contract_months", "began", "ended", "places"),
        *("wounded_on", "end_reason", "returned_on"),
    ),
}

DEFENDANT = {
    "id": "KZ-9001-D1",
    "url": "/api/v1/defendants/KZ-9001-D1/",
    "legal_status": {
        "code": "convicted_not_final",
        "label": {
            "en": "sentenced, the ruling is not known to be final",
            "ru": "вынесен приговор, о вступлении в силу не известно",
            "kk": "үкім шығарылды, заңды күшіне енгені белгісіз",
        },
    },
    "names": [{"text": "Synthetic Person", "language": "en", "script": "Latn", "kind": "full"}],
    "name_withheld": False,
    "sex": "male",
    "born": date("1990", "1990-01-01", "1990-12-31"),
    "age": 34,
    "age_as_of": date("2024-09-10"),
    "citizenships": ["KZ"],
    "residence_region": REGION,
    "residence_place": en("Synthetic Town"),
    "occupation": None,
    "fate": None,
    "plea": "admitted",
    "voluntary_surrender": None,
    "detained_on": None,
    "detained_place": None,
    "recruitment": {
        "date": date("2022-10", "2022-10-01", "2022-10-31"),
        "place": None,
        "channel": "social_media",
        "recruited_by": None,
        "promises": None,
        "coercion": None,
        "from_prison": None,
    },
    "payments": [
        {
            "kind": "promised",
            "amount": 2000,
            "amount_max": None,
            "currency": "USD",
            "per": "month",
            "remark": None,
        }
    ],
    "remarks": None,
    "citations": cited(
        *("names", "sex", "born", "age", "age_as_of", "citizenships", "residence_region"),
        *("residence_place", "plea", "recruitment", "payments"),
    ),
    "services": [SERVICE],
}

VERDICT = {
    "id": "KZ-9001-V1",
    "url": "/api/v1/verdicts/KZ-9001-V1/",
    "defendant": "KZ-9001-D1",
    "court": COURT,
    "instance": "first",
    "date": date("2024-09-10"),
    "reported": None,
    "outcome": "convicted",
    "articles": [PART],
    "sentence_months": 72,
    "sentence_days": None,
    "sentence_kind": "imprisonment",
    "probation_months": None,
    "confiscation": None,
    "changes": None,
    "standing": "standing",
    "remarks": None,
    "citations": cited(
        *("court", "instance", "date", "outcome", "articles", "sentence_months"),
        "sentence_kind",
    ),
}


def figure(number, counted_by="Synthetic Daily", **values):
    unknown = {"value": None, "value_min": None, "value_max": None, "qualifier": "exact"}
    identity = {"id": f"STAT-{number}", "url": f"/api/v1/statistics/STAT-{number}/"}
    return identity | unknown | values | {"counted_by": en(counted_by)}


RIVAL = figure(9002, value_min=10, value_max=20, qualifier="approximate")
ORIGIN = figure(9003, value=45)
STATISTIC = figure(9001, value=90) | {
    "measure": "cases_opened",
    "counted": en("synthetic cases"),
    "unit": "cases",
    "country": "KZ",
    "articles": [{"code": "KZ-9172", "name": en("Synthetic offence"), "within": []}],
    "formation": None,
    "outcome": None,
    "procedure": None,
    "period": date("2024", "2024-01-01", "2024-12-31"),
    "remarks": None,
    "citations": cited(
        *("measure", "counted", "unit", "country", "articles", "period", "value", "qualifier"),
        "counted_by",
    ),
}

SOURCE = STATE | {
    "id": "SRC-9001",
    "path": "/api/v1/sources/SRC-9001/",
    "publisher": PUBLISHER,
    "kind": "news_report",
    "title": "Synthetic report",
    "title_language": "en",
    "language": "en",
    "url": "https://synthetic.example/SRC-9001",
    "original_url": None,
    "archive_url": None,
    "sha256": "ab" * 32,
    "captured": "2024-10-01T12:30:00Z",
    "published": date("2024-09-12"),
    "extent_read": "full",
    "parallel_of": None,
    "cites": [],
}

REFERENCE = {
    "publisher": STATE | PUBLISHER | {"kind": "newsroom", "website": None},
    "region": STATE
    | {
        "code": "KZ-99",
        "kind": "region",
        "name": en("Synthetic Region KZ-99"),
        "parent": "KZ",
        "kato": None,
        "centroid": None,
        "aliases": [],
        "sources": [],
    },
    "court": STATE | COURT | {"region": REGION, "place": None, "aliases": [], "sources": []},
    "formation": STATE
    | {
        "id": "synthetic-platoon",
        "name": en("Synthetic Platoon"),
        "kind": "military_unit",
        "parent": "synthetic-brigade",
        "within": ["synthetic-brigade", "synthetic-army"],
        "active": None,
        "aliases": [],
        "sources": [],
    },
    "article": STATE
    | {
        "code": "KZ-9172-2",
        "url": None,
        "country": "KZ",
        "law": en("Synthetic Criminal Code"),
        "number": "9172",
        "part": "2",
        "parent": "KZ-9172",
        "name": en("Synthetic offence"),
        "conduct": None,
        "penalty": {
            "min_months": 60,
            "max_months": 108,
            "life": None,
            "death": None,
            "confiscation": None,
            "other": None,
        },
        "variants": [],
        "in_force_from": None,
        "in_force_until": None,
        "sources": [],
    },
}
