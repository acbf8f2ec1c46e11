"""Synthetic published cases, made of published ones; marked as such and never part of the data."""

import orjson
import psycopg

from casesapi.postgres.embedded import DATABASE, SUPERUSER, EmbeddedPostgres


def connect(state):
    """To the database of a server that was started with this state folder."""
    folder = str(EmbeddedPostgres(state).sockets)
    return psycopg.connect(host=folder, user=SUPERUSER, dbname=DATABASE, autocommit=True)


def replace_cases(connection, number):
    """Publishes `number` synthetic cases, and no other cases, as a publication of its own."""
    found = connection.execute("SELECT body FROM cases_publishedcase WHERE since_id = 1 LIMIT 50")
    models = [orjson.loads(body) for (body,) in found.fetchall()]
    newest = connection.execute("SELECT max(number) FROM cases_publication").fetchone()[0]
    with connection.transaction():
        publication = newest + 1
        connection.execute(
            "INSERT INTO cases_publication VALUES (%s, now(), 'synthetic', repeat('0', 64))",
            [publication],
        )
        connection.execute(
            "UPDATE cases_publishedcase SET until_id = %s WHERE until_id IS NULL", [publication]
        )
        columns = "(public_id, version, since_id, body, words)"
        with connection.cursor().copy(f"COPY cases_publishedcase {columns} FROM STDIN") as copy:
            for place in range(number):
                model = models[place % len(models)]
                public_id = f"ZZ-{publication:02}{place:07}"
                body = orjson.dumps(synthetic(model, public_id, publication)).decode()
                copy.write_row((public_id, 1, publication, body, []))
    connection.execute("ANALYZE cases_publishedcase")
    return publication


def synthetic(model, public_id, publication):
    """A published case under another id, without any word about a person."""
    return model | {
        "id": public_id,
        "url": f"/api/v1/cases/{public_id}/",
        "publication": publication,
        "court_case_number": f"SYNTHETIC {public_id}",
        "summary": {"en": "Synthetic, for measuring only.", "ru": None, "kk": None},
        "defendants": [
            defendant
            | {
                "names": [
                    name | {"text": f"Synthetic Person {place}"} for name in defendant["names"]
                ]
            }
            for place, defendant in enumerate(model["defendants"])
        ],
    }
