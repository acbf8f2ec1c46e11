"""Synthetic cases in any number, in the working copy and as published, for `make bench`.

A few hundred are entered row by row and published as real ones are. The others are copies of these
with ids and surnames of their own, made by SQL with all indexes off: rendering a million documents
would take hours and measure nothing.
"""

import random

from django.db import connection

TEMPLATES = 500
# What a copy replaces: a part of each id, and the surname in either script.
PLACE = "-10000"
CYRILLIC, LATIN = "Синтетиков", "Sintetikov"
SEED = 5

COUNTRIES = ["KZ", "KZ", "KZ", "UZ", "UZ", "KG"]
REGIONS, COURTS, UNITS, SOURCES = 12, 30, 25, 200
GIVEN = ["Aibek", "Arman", "Timur", "Ruslan", "Daniyar", "Айбек", "Арман", "Тимур", "Руслан"]

# In the order in which they refer to each other.
WORKING_COPY = [
    "cases_case",
    "cases_case_charges",
    "cases_defendant",
    "cases_defendant_citizenships",
    "cases_name",
    "cases_payment",
    "cases_service",
    "cases_verdict",
    "cases_verdict_articles",
    "cases_citation",
]
READ_MODEL = ["cases_publishedcase", "cases_publisheddefendant"]


def build(cases: int, *, working_copy: bool) -> None:
    """Fills an empty database. working_copy: whether the copies stand there too."""
    from cases.publishing.ledger import ledger

    chance = random.Random(SEED)
    for number in range(TEMPLATES):
        enter(number, chance)
    ledger.publish("synthetic")
    copies = max(1, cases // TEMPLATES)
    write_surnames(chance)
    with connection.cursor() as cursor:
        # Copies refer to what is there, so nothing has to be checked, and nothing is told.
        cursor.execute("SET session_replication_role = replica")
        for table in WORKING_COPY if working_copy else []:
            copy_rows(cursor, table, copies)
        for table in READ_MODEL:
            copy_documents(cursor, table, copies)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def enter(number: int, chance: random.Random) -> None:
    """One case with 1–2 defendants, 0–2 rulings on each and 2–4 citations."""
    from tests import synthetic

    home = chance.choice(COUNTRIES)
    region = synthetic.region(f"{home}-{10 + chance.randrange(REGIONS)}")
    court = synthetic.court(
        f"synthetic-{home.lower()}-court-{chance.randrange(COURTS)}", region=region
    )
    article = synthetic.article(f"{home}-91{70 + chance.randrange(6)}-{chance.randint(1, 3)}")
    year = chance.randint(2019, 2024)
    case = synthetic.case(
        f"{home}{PLACE}{number:03}",
        region=region,
        court=court,
        charges=[article],
        kind=chance.choice(["participation", "recruitment", "attempt"]),
        status=chance.choice(["trial", "decided", "appeal"]),
        procedure=chance.choice(["ordinary", "simplified"]),
        court_case_number=f"9-{year}-{number}",
        opened=f"{year}-{chance.randint(1, 6):02}-{chance.randint(1, 28):02}",
        sent_to_court=f"{year}-{chance.randint(7, 8):02}",
        defendant=None,
    )
    others = [f"SRC-{9002 + chance.randrange(SOURCES)}" for _ in range(chance.randint(1, 3))]
    for source in others:
        synthetic.add_citation(case, ["opened", "region"], source_id=source, locator="¶ 2")
    for _ in range(chance.randint(1, 2)):
        given = chance.choice(GIVEN)
        latin = given.isascii()
        person = synthetic.add_defendant(
            case,
            names=[],
            plea=chance.choice(["admitted", "denied", "partly_admitted", None]),
            recruitment_date=f"{year - 2}-10",
        )
        synthetic.add_name(
            person,
            f"{given} {LATIN if latin else CYRILLIC}",
            language="en" if latin else "ru",
            script="Latn" if latin else "Cyrl",
        )
        synthetic.cite(person)
        unit = f"synthetic-unit-{chance.randrange(UNITS)}"
        synthetic.add_service(
            person,
            formation=synthetic.formation(unit, parent=synthetic.formation("synthetic-army")),
            contract_signed=f"{year - 2}-11-01",
            began=f"{year - 2}-11-05",
            ended=f"{year - 1}-05",
            wounded_on=f"{year - 1}-02~",
            returned_on=f"{year - 1}-06",
        )
        for month, instance in list(zip((9, 12), ("first", "appeal"), strict=True))[
            : chance.randint(0, 2)
        ]:
            synthetic.add_verdict(
                person,
                date=f"{year}-{month:02}-{chance.randint(1, 28):02}",
                instance=instance,
                outcome="convicted" if instance == "first" else "upheld",
                **({"sentence_months": chance.randint(60, 108)} if instance == "first" else {}),
            )


def write_surnames(chance: random.Random) -> None:
    """A table of surnames in both scripts, with the words that a search finds them by."""
    from cases.names import readings, without_one
    from tests.bench.people import people
    from tests.bench.romanisations import STANDARDS, romanised

    pool = dict.fromkeys((person.language, person.surname) for person in people(20_000, SEED))
    rows, known = [], {}
    for number, (language, surname) in enumerate(pool):
        latin = romanised(surname, language, chance.choice(list(STANDARDS[language])))
        # Letters that JSON or SQL would write differently are rare, and not needed here.
        latin = "".join(letter for letter in latin if letter.isalpha())
        words = sorted({f for text in (surname, latin) for f in readings(text.casefold())})
        rows.append((number, surname, latin, [*words, *(f"{word}." for word in words)]))
        known |= {form: without_one(form) for form in rows[-1][3]}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE surname (number int PRIMARY KEY, cyrillic text, latin text,"
            " words text[])"
        )
        cursor.executemany("INSERT INTO surname VALUES (%s, %s, %s, %s)", rows)
        cursor.executemany(
            "INSERT INTO cases_word VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [(word, near) for word, near in known.items()],
        )


def copy_rows(cursor, table: str, copies: int) -> None:
    """Rows of the working copy: texts with a new id in them, all else as it is."""
    cursor.execute(
        "SELECT column_name, data_type, is_identity FROM information_schema.columns"
        " WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    )
    columns = [(name, kind) for name, kind, identity in cursor.fetchall() if identity == "NO"]
    values = [
        replaced(f'row."{name}"') if kind in ("text", "character varying") else f'row."{name}"'
        for name, kind in columns
    ]
    # Only names hold a surname; elsewhere any will do.
    whose = person("row.defendant_id") if table == "cases_name" else "0"
    names = ", ".join(f'"{name}"' for name, _ in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} AS row,"
        f" generate_series(1, {copies - 1}) AS copy, surname"
        f" WHERE surname.number = {whose}"
    )


def copy_documents(cursor, table: str, copies: int) -> None:
    """Published documents. What PostgreSQL generates does not depend on ids and names, so the
    copies have it from their originals."""
    cursor.execute(
        "SELECT column_name, is_generated FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id' ORDER BY ordinal_position",
        [table],
    )
    found = cursor.fetchall()
    for name, generated in found:
        if generated == "ALWAYS":
            cursor.execute(f"ALTER TABLE {table} ALTER {name} DROP EXPRESSION")
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint)",
        [table],
    )
    indexes = cursor.fetchall()
    for index, _ in indexes:
        cursor.execute(f'DROP INDEX "{index}"')
    own = {
        "public_id": replaced("row.public_id"),
        "body": replaced("row.body"),
        "words": (
            "ARRAY(SELECT unnest(row.words) EXCEPT SELECT unnest(gone.words)) || surname.words"
        ),
    }
    values = ", ".join(own.get(name, f'row."{name}"') for name, _ in found)
    names = ", ".join(f'"{name}"' for name, _ in found)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS row,"
        f" generate_series(1, {copies - 1}) AS copy, surname,"
        " (SELECT %s::text[] AS words) AS gone"
        f" WHERE surname.number = {person('row.public_id')}",
        [placeholder_words()],
    )
    for _, statement in indexes:
        cursor.execute(statement)


def replaced(column: str) -> str:
    """SQL: a text with the id and the surname of the copy."""
    moved = f"replace({column}, '{PLACE}', '-1' || lpad(copy::text, 4, '0'))"
    moved = f"replace({moved}, '{CYRILLIC}', surname.cyrillic)"
    return f"replace({moved}, '{LATIN}', surname.latin)"


def person(key: str) -> str:
    """SQL: which surname a copy has; the same one wherever the case stands."""
    number = f"substr({key}, 9, 3)::int"
    return f"mod({number} * 7919 + copy * 104729, (SELECT count(*)::int FROM surname))"


def placeholder_words() -> list[str]:
    from cases.names import readings

    found = sorted({f for text in (CYRILLIC, LATIN) for f in readings(text.casefold())})
    return [*found, *(f"{word}." for word in found)]
