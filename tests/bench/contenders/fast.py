"""FastAPI with asyncpg and orjson: rows of the working copy put together, stored documents as they
are, and bytes that never change."""

import os
from contextlib import asynccontextmanager
from datetime import date

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response

DSN = os.environ["BENCH_DSN"]
CONSTANT = b"x" * int(os.environ.get("BENCH_BYTES", "100"))
TAG = '"constant"'


@asynccontextmanager
async def connected(app):
    async with asyncpg.create_pool(DSN, min_size=4, max_size=4) as app.state.pool:
        yield


app = FastAPI(lifespan=connected)


def answer(body: bytes) -> Response:
    return Response(body, media_type="application/json")


# The working copy -------------------------------------------------------------------------------

ONE = "SELECT * FROM cases_case WHERE id = $1"
NEWEST = "SELECT * FROM cases_case ORDER BY id DESC LIMIT 25"
BELOW = {
    "charges": """SELECT x.case_id AS owner, a.id, a.name FROM cases_case_charges x
                  JOIN cases_article a ON a.id = x.article_id WHERE x.case_id = ANY($1)""",
    "defendants": "SELECT case_id AS owner, * FROM cases_defendant WHERE case_id = ANY($1)",
    "verdicts": "SELECT case_id AS owner, * FROM cases_verdict WHERE case_id = ANY($1)",
    "citations": "SELECT case_id AS owner, * FROM cases_citation WHERE case_id = ANY($1)",
}
BELOW_DEFENDANTS = {
    "names": "SELECT defendant_id AS owner, * FROM cases_name WHERE defendant_id = ANY($1)",
    "services": "SELECT defendant_id AS owner, * FROM cases_service WHERE defendant_id = ANY($1)",
    "citations": "SELECT defendant_id AS owner, * FROM cases_citation WHERE defendant_id = ANY($1)",
}
BELOW_VERDICTS = {
    "articles": """SELECT x.verdict_id AS owner, a.id, a.name FROM cases_verdict_articles x
                   JOIN cases_article a ON a.id = x.article_id WHERE x.verdict_id = ANY($1)""",
    "citations": "SELECT verdict_id AS owner, * FROM cases_citation WHERE verdict_id = ANY($1)",
}


async def nest(connection, rows, below):
    """Hangs the rows of other tables below those that own them. JSON columns come as text."""
    owners = {row["id"]: row for row in rows}
    for name, query in below.items():
        for row in rows:
            row[name] = []
        for found in await connection.fetch(query, list(owners)):
            owners[found["owner"]][name].append(dict(found))
    return rows


async def nested(connection, found):
    rows = await nest(connection, [dict(row) for row in found], BELOW)
    await nest(connection, [one for row in rows for one in row["defendants"]], BELOW_DEFENDANTS)
    await nest(connection, [one for row in rows for one in row["verdicts"]], BELOW_VERDICTS)
    return rows


@app.get("/rows/cases/")
async def newest_rows() -> Response:
    async with app.state.pool.acquire() as connection:
        rows = await nested(connection, await connection.fetch(NEWEST))
        count = await connection.fetchval("SELECT count(*) FROM cases_case")
    return answer(orjson.dumps({"count": count, "results": rows}, default=str))


@app.get("/rows/cases/{public_id}/")
async def one_row(public_id: str) -> Response:
    async with app.state.pool.acquire() as connection:
        [row] = await nested(connection, await connection.fetch(ONE, public_id))
    return answer(orjson.dumps(row, default=str))


# Stored documents -------------------------------------------------------------------------------

PAGE = """
    SELECT convert_to(body, 'UTF8') AS body FROM cases_publishedcase
    WHERE since_id <= $1 AND (until_id IS NULL OR until_id > $1)
    ORDER BY decided_last DESC, public_id DESC LIMIT 26
"""
DOCUMENT = """
    SELECT convert_to(body, 'UTF8') FROM cases_publishedcase
    WHERE public_id = $2 AND since_id <= $1 AND (until_id IS NULL OR until_id > $1)
"""


@app.get("/documents/cases/")
async def newest_documents() -> Response:
    async with app.state.pool.acquire() as connection:
        number = await connection.fetchval("SELECT max(number) FROM cases_publication")
        rows = await connection.fetch(PAGE, number)
    return answer(b'{"results":[' + b",".join([row["body"] for row in rows[:25]]) + b"]}")


@app.get("/documents/cases/{public_id}/")
async def one_document(public_id: str) -> Response:
    async with app.state.pool.acquire() as connection:
        number = await connection.fetchval("SELECT max(number) FROM cases_publication")
        return answer(await connection.fetchval(DOCUMENT, number, public_id))


FOUND = """
    SELECT convert_to(body, 'UTF8') AS body, count(*) OVER () AS count FROM cases_publishedcase
    WHERE since_id <= $1 AND (until_id IS NULL OR until_id > $1)
      AND region && ARRAY[$2] AND formation && ARRAY[$3] AND article && ARRAY[$4]
      AND opened_last >= $5 AND opened_first <= $6
    ORDER BY decided_last DESC, public_id DESC LIMIT 26
"""
COUNTED = """
    SELECT value, count(*)
    FROM cases_publishedcase LEFT JOIN LATERAL unnest({column}) AS value ON true
    WHERE since_id <= $1 AND (until_id IS NULL OR until_id > $1) AND kind && ARRAY[$2]
    GROUP BY value ORDER BY count(*) DESC
"""
BEHIND = PAGE.replace("ORDER BY", "AND (decided_last, public_id) < ($2, $3) ORDER BY")
NAMED = """
    SELECT convert_to(body, 'UTF8') AS body FROM cases_publisheddefendant
    WHERE until_id IS NULL AND public_id IN (
        SELECT defendant_id FROM cases_name WHERE text ILIKE '%' || $1 || '%'
    )
    ORDER BY public_id LIMIT 26
"""


def listed(rows, **head) -> Response:
    found = b",".join([row["body"] for row in rows[:25]])
    return answer(
        orjson.dumps(head)[:-1] + (b"," if head else b"") + b'"results":[' + found + b"]}"
    )


@app.get("/documents/found/")
async def found_documents(
    region: str, formation: str, article: str, opened_after: date, opened_before: date
) -> Response:
    async with app.state.pool.acquire() as connection:
        number = await connection.fetchval("SELECT max(number) FROM cases_publication")
        chosen = (region, formation, article, opened_after, opened_before)
        rows = await connection.fetch(FOUND, number, *chosen)
    return listed(rows, count=rows[0]["count"] if rows else 0)


@app.get("/documents/facets/")
async def facets(kind: str) -> Response:
    async with app.state.pool.acquire() as connection:
        number = await connection.fetchval("SELECT max(number) FROM cases_publication")
        found = {
            column: [
                list(row)
                for row in await connection.fetch(COUNTED.format(column=column), number, kind)
            ]
            for column in ("region", "formation")
        }
    return answer(orjson.dumps(found))


@app.get("/documents/behind/")
async def documents_behind(decided: date, public_id: str) -> Response:
    async with app.state.pool.acquire() as connection:
        number = await connection.fetchval("SELECT max(number) FROM cases_publication")
        rows = await connection.fetch(BEHIND, number, decided, public_id)
    return listed(rows)


@app.get("/documents/named/")
async def named_documents(q: str) -> Response:
    async with app.state.pool.acquire() as connection:
        rows = await connection.fetch(NAMED, q)
    return listed(rows)


@app.get("/constant/")
async def constant(request: Request) -> Response:
    if request.headers.get("if-none-match") == TAG:
        return Response(status_code=304, headers={"ETag": TAG})
    return Response(CONSTANT, media_type="application/json", headers={"ETag": TAG})
