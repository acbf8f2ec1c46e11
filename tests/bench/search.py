"""Whether people are found however they are spelt, and how fast: `make bench-search`.

100,000 synthetic people stand in the read model, each under one name in its own language, with a
place, a case number and a remark. Asked for are the names of some of them in every public
romanisation, in Russian spelling, in the other order, with a patronymic that the record lacks,
with one typo, and hand-made hard pairs; for speed, also what many records hold.
"""

import gc
import os
import random
import shutil
import statistics
import tempfile
from time import perf_counter

from tests.bench.people import HARD, PLACES, REMARKS, Person, people
from tests.bench.romanisations import STANDARDS, romanised, russified

PEOPLE = 100_000
ASKED = 30  # people of each language and standard
ASKED_TYPOS = 100  # people of each language
MOST_FALSE = 5  # on a first page
SLOWEST = 0.02  # seconds a query may take
SEED = 1
LETTERS = {True: "aeioumnrst", False: "аеиоумнрст"}  # typed wrongly, in Latin and in Cyrillic
PASSPORT = {"uk": "Ukrainian passport"}  # elsewhere that of ICAO


def main() -> None:
    state = None
    if not os.environ.get("DATABASE_URL"):
        state = os.environ["CASES_STATE_DIR"] = tempfile.mkdtemp(prefix="cases-api-bench-")
        os.chmod(state, 0o711)
    os.environ["DJANGO_SETTINGS_MODULE"] = "casesapi.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS = ["testserver"]
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        run()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        if state:
            from casesapi.postgres import embedded

            connection.close()
            embedded.server().leave()
            shutil.rmtree(state, ignore_errors=True)


def run() -> None:
    chance = random.Random(SEED)
    crowd = people(PEOPLE, SEED)
    hard = [line.strip().split(" | ") for line in HARD.strip().splitlines()]
    names = [person.name for person in crowd] + [own for own, *_ in hard]
    begin = perf_counter()
    load(names)
    print(f"{len(names)} people loaded in {perf_counter() - begin:.0f} s")
    pairs = [*asked(crowd, chance), *(("hard pairs", own, q) for own, *rest in hard for q in rest)]
    gc.freeze()  # 100,000 people are not what a server walks through, to collect garbage
    answer("warm up")
    report([*pairs, *mistyped(crowd, chance)])
    speed(crowd, chance)


def load(names: list[str]) -> None:
    """Straight into the read model, with bodies that hold nothing but what is searched."""
    import orjson
    from django.db import connection
    from django.utils import timezone

    from cases.models import Publication, PublishedDefendant
    from cases.publishing import search

    chance = random.Random(SEED)
    first = Publication.objects.create(number=1, published_at=timezone.now(), digest="0" * 64)
    for begin in range(0, len(names), 5000):
        rows = []
        for number, name in enumerate(names[begin : begin + 5000], begin):
            id = f"XX-{number:06}-D1"
            body = {
                "id": id,
                "names": [{"text": name}],
                "residence_place": {"en": chance.choice(PLACES)},
                "remarks": {
                    "en": " ".join(word for word in REMARKS.split() if chance.random() < 0.3)
                },
                "case": {"court_case_number": f"1-{number}/2024"},
            }
            rows.append(
                PublishedDefendant(
                    public_id=id, version=1, since=first, body=orjson.dumps(body).decode()
                )
            )
        search.index(rows)
        if not begin:
            rows.pop().save(force_insert=True)
            generate_no_more(PublishedDefendant)
        PublishedDefendant.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def generate_no_more(model) -> None:
    """All rows have in their generated columns what the first one has, which is far quicker."""
    from django.db import connection
    from django.db.models import GeneratedField
    from psycopg import sql

    table = sql.Identifier(model._meta.db_table)
    columns = [field.column for field in model._meta.fields if isinstance(field, GeneratedField)]
    with connection.cursor() as cursor:
        for column in [sql.Identifier(str(name)) for name in columns]:
            cursor.execute(sql.SQL("SELECT {}::text FROM {}").format(column, table))
            value = sql.Literal(cursor.fetchone()[0])
            alter = sql.SQL(
                "ALTER TABLE {0} ALTER {1} DROP EXPRESSION, ALTER {1} SET DEFAULT {2}"
            ).format(table, column, value)
            cursor.execute(alter)


def asked(crowd: list[Person], chance: random.Random) -> list[tuple[str, str, str]]:
    """(group, name of the person, query)."""
    pairs = []
    for language, standards in STANDARDS.items():
        own = [person for person in crowd if person.language == language]
        for standard in standards:
            for person in chance.sample(own, ASKED):
                name = person.name
                latin = romanised(name, language, standard)
                pairs.append((f"{language} {standard}", name, latin))
        for person in chance.sample(own, ASKED):
            given, surname = person.given, person.surname
            standard = chance.choice(list(standards))
            full = f"{surname} {given} {person.patronymic}"
            turned = romanised(f"{surname} {given}", language, standard)
            pairs += [
                ("other order", person.name, turned),
                ("patronymic that is not recorded", person.name, full),
                ("in Russian spelling", person.name, russified(f"{given} {surname}")),
            ]
    return pairs


def mistyped(crowd: list[Person], chance: random.Random) -> list[tuple[str, str, str]]:
    """(group, name of the person, query) with one typo."""
    pairs = []
    for language, standards in STANDARDS.items():
        passport = PASSPORT.get(language, "ICAO passport")
        for person in chance.sample(
            [person for person in crowd if person.language == language], ASKED_TYPOS
        ):
            name = person.name
            for spelt, text in {
                "in own letters": name,
                "in a passport": romanised(name, language, passport),
                "by any standard": romanised(name, language, chance.choice(list(standards))),
            }.items():
                pairs.append((f"one typo, {spelt}", name, typo(text, chance)))
    return pairs


def typo(text: str, chance: random.Random) -> str:
    """One letter added, left out, wrong or exchanged, inside the longest word."""
    words = text.split()
    place = words.index(max(words, key=len))
    word = words[place]
    at = chance.randrange(1, len(word) - 1)
    wrong = chance.choice(LETTERS[word.isascii()].replace(word[at], ""))
    words[place] = chance.choice(
        [
            word[:at] + wrong + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + wrong + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


def report(pairs: list[tuple[str, str, str]]) -> None:
    groups: dict[str, list[tuple[int | None, int, float]]] = {}
    missed = []
    many, slow = [], []
    for group, name, query in pairs:
        found, seconds = ask(query)
        wanted = same(name)
        place = next((place for place, each in enumerate(found) if same(each) == wanted), None)
        false = sum(same(each) != wanted for each in found)
        if false > MOST_FALSE:
            many.append(f"{false} for {name}: {query} ({', '.join(found[:10])})")
        if seconds > SLOWEST and (again := ask(query)[1]) > SLOWEST:
            slow.append(f"{again * 1000:.0f} ms: {query}")
        groups.setdefault(group, []).append((place, false, seconds))
        if place is None or place >= 5:
            missed.append(f"{name}: {query}")
    print(f"\n{'':34} pairs  recall@1  recall@5  false hits: mean   most     ms    p95    max")
    for group, results in groups.items():
        print(line(group, results))
    print(line("all", [result for results in groups.values() for result in results]))
    print(f"\nOver {SLOWEST} s twice ({len(slow)}):", *slow, sep="\n  ")
    print(f"\nMore than {MOST_FALSE} false hits ({len(many)}):", *many, sep="\n  ")
    print(f"Not among the first five ({len(missed)}):", *missed[:40], sep="\n  ")


def line(group: str, results: list[tuple[int | None, int, float]]) -> str:
    count = len(results)
    first = sum(place == 0 for place, _, _ in results) / count
    five = sum(place is not None and place < 5 for place, _, _ in results) / count
    false = [false for _, false, _ in results]
    times = [seconds * 1000 for _, _, seconds in results]
    return (
        f"{group:34} {count:5}  {first:8.3f}  {five:8.3f}  {statistics.mean(false):16.2f}"
        f"  {max(false):5}  {statistics.median(times):5.1f}  {percentile(times):5.1f}"
        f"  {max(times):5.1f}"
    )


def speed(crowd: list[Person], chance: random.Random) -> None:
    """Queries that find much, and long ones that find nothing."""
    common = REMARKS.split()
    print("\nOther queries                         count     ms    p95    max")
    some = chance.sample(crowd, 50)
    for what, queries in {
        "surname": [person.surname for person in some],
        "first name": [person.given for person in some],
        "two letters": [person.surname[:2] for person in some],
        "three letters": [person.surname[:3] for person in some],
        "first name, three letters": [f"{person.given} {person.surname[:3]}" for person in some],
        "place": PLACES[:50],
        "place and first name": [
            f"{place} {person.given}" for place, person in zip(PLACES, some, strict=False)
        ],
        "case number": [f"1-{chance.randrange(PEOPLE)}/2024" for _ in some],
        "one common word": chance.choices(common, k=50),
        "three common words": [" ".join(chance.sample(common, 3)) for _ in some],
        "eight common words": [" ".join(chance.sample(common, 8)) for _ in some],
        "first name, common word": [f"{person.given} {chance.choice(common)}" for person in some],
        "200 letters of nothing": ["".join(chance.choices("abcdefgh", k=200)) for _ in some],
        "eight words of nothing": [
            " ".join("".join(chance.choices("aeioumnrst", k=24)) for _ in range(8)) for _ in some
        ],
    }.items():
        counts, times = [], []
        for query in queries:
            begin = perf_counter()
            counts.append(answer(query)["count"])
            times.append((perf_counter() - begin) * 1000)
        middle = statistics.median(times)
        print(
            f"{what:34} {statistics.mean(counts):8.0f}  {middle:5.1f}  {percentile(times):5.1f}"
            f"  {max(times):5.1f}"
        )


def ask(query: str) -> tuple[list[str], float]:
    """The names on the first page, and the seconds until it was there."""
    begin = perf_counter()
    page = answer(query)
    seconds = perf_counter() - begin
    return [result["names"][0]["text"] for result in page["results"]], seconds


def answer(query: str) -> dict:
    from django.core.cache import cache
    from django.test import Client

    cache.clear()
    response = Client().get("/api/v1/defendants/", {"q": query})
    assert response.status_code == 200, response.content
    return response.json()


def same(name: str) -> frozenset[str]:
    """Equal for names that are one and the same to a reader of Russian."""
    return frozenset(russified(name).split())


def percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
