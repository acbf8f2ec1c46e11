"""W9: publications, one after the other, while others read: what each does to the other."""

import statistics
import threading
import time
import urllib.request

from tests.bench import wrk
from tests.bench.contenders.servers import IDS
from tests.bench.synthetic import connect

# A new version of one case, as publishing writes it.
PUBLISH = """
    WITH new AS (
        INSERT INTO cases_publication (number, published_at, note, digest)
        SELECT max(number) + 1, now(), 'synthetic', encode(sha256(random()::text::bytea), 'hex')
        FROM cases_publication RETURNING number
    ), ended AS (
        UPDATE cases_publishedcase SET until_id = new.number FROM new
        WHERE public_id = '{public_id}' AND until_id IS NULL RETURNING version
    )
    INSERT INTO cases_publishedcase ({columns})
    SELECT {values} FROM cases_publishedcase, new, ended
    WHERE public_id = '{public_id}' AND cases_publishedcase.version = ended.version
    RETURNING since_id
"""


def measure_publishing(state, contenders, seconds) -> list[str]:
    cached = contenders[0]
    address = cached.works["W1"]
    alone = wrk.load(cached.port, address, seconds, {}, [])
    published, seen, stop = [], [], threading.Event()

    def publish():
        with connect(state) as connection:
            publishing = statement(connection)
            while not stop.wait(0.5):
                begin = time.perf_counter()
                number = connection.execute(publishing).fetchone()[0]
                published.append(time.perf_counter() - begin)
                while _publication(cached.port, address) < number:
                    time.sleep(0.001)
                seen.append(time.perf_counter() - begin - published[-1])

    publisher = threading.Thread(target=publish)
    publisher.start()
    load = wrk.load(cached.port, address, seconds * 3, {}, [])
    stop.set()
    publisher.join()
    return [
        "",
        f"W9: {len(published)} publications while W1 was read: a publication took"
        f" {statistics.median(published) * 1000:.1f} ms (most {max(published) * 1000:.1f}), and was"
        f" read {statistics.median(seen) * 1000:.1f} ms later (most {max(seen) * 1000:.1f});"
        f" readers got {load.rate:,.0f} answers a second, median {load.median * 1000:.2f} ms, p99"
        f" {load.p99 * 1000:.1f} ms; without publications {alone.rate:,.0f}, p99"
        f" {alone.p99 * 1000:.1f} ms.",
    ]


def statement(connection) -> str:
    own = {"since_id": "new.number", "until_id": "NULL", "version": "ended.version + 1"}
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name ="
        " 'cases_publishedcase' AND column_name <> 'id' ORDER BY ordinal_position"
    ).fetchall()
    names = [name for (name,) in found]
    values = ", ".join(own.get(name, f'cases_publishedcase."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return PUBLISH.format(columns=columns, values=values, public_id=IDS[0])


def _publication(port: int, address: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as answer:
        return int(answer.headers["Dataset-Publication"])
