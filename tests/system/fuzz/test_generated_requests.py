"""Requests and files that nobody would write: none is answered with a failure, or late.

`FUZZ_REQUESTS` says how many (`make fuzz` sends 100,000), `FUZZ_SEED` which ones. A failure names
its request, which fails again in every run.
"""

import json
import os
import time
import zipfile
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest

from cases import dates
from cases.importing import reading
from casesapi.postgres.state_dir import CHECKOUT
from tests.api.reading import BASE, PROBLEM, parameters
from tests.importing.workbook.books import problems

COUNT = int(os.environ.get("FUZZ_REQUESTS", "400"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
# Seconds of this process that one answer may take, whatever else the machine does; a file is
# written whole. What the database takes is limited by itself.
LATE = 10

ANSWERS = {200, 301, 304, 308, 400, 404, 405, 406, 410, 414}
NASTY = (
    *("", " ", "\x00", "\x1f", "\x7f", "\ufffe", "\u202e", "\U0001f9ea", "\ud800"),
    *("%00", "%", "%zz", "%u0041", "'", '"', "';--", "' OR 1=1 --", "$$", "\\", "{}", "[]"),
    *("null", "NaN", "Infinity", "true", "TRUE", "json", "csv", "*", "{{7*7}}", "${7*7}"),
    *("../../etc/passwd", "..%2f..%2f", "/", "//", "\n", "a\r\nX-Injected: yes"),
    *("\r\n\r\n<script>", "<svg/onload=1>", "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "!!int"),
    *("9" * 400, "-0", "-1", "1e309", "0x10", "1_0", "٣", "²", "½", "Ⅳ", "İ", "ß", "ﬁ"),
    *(",", ",,", "a,,b", "," * 600, "x" * 7_000, "e\u0301" * 50, "Асқар", "wagner"),
    *("KZ-0001", "kz-0001", "KZ-0001-D1", "KZ-99999999999", "2025-02-30", "0000", "9999-12"),
)
DATES = "0123456789-/~?X.,:TZ+ "
ACCEPTS = (
    "*/*",
    "application/json",
    "text/csv",
    "text/html",
    "application/*;q=0",
    ";;;",
    "\x01",
    "é",
)
TAGS = ("*", '"x"', 'W/"1.abc"', '"' * 50, "\x7f", "1")


def changed(random, text):
    """The text with one part of it lost, doubled or replaced."""
    at, end = sorted(random.choices(range(len(text) + 1), k=2))
    between = random.choice(["", text[at:end] * 2, random.choice(NASTY)])
    return text[:at] + between + text[end:]


class Requests:
    """Makes requests out of what the API says it takes, and out of its own answers."""

    def __init__(self, client, random):
        self.random = random
        self.cursors = [""]
        schema = client.get(f"{BASE}schema/").json()
        # The schema takes a third of a second, and has nothing to be asked for.
        addresses = [path for path in schema["paths"] if path != f"{BASE}schema/"]
        examples = {
            path: parameter["example"]
            for path in addresses
            for parameter in schema["paths"][path]["get"]["parameters"]
            if parameter["in"] == "path"
        }
        self.addresses = [(path, examples.get(path, "")) for path in addresses]
        self.takes = {
            path: parameters(client, path.replace("{public_id}", example))
            for path, example in self.addresses
        }

    def make(self):
        """An address with its query, and headers."""
        random = self.random
        path, example = random.choice(self.addresses)
        takes = self.takes[path]
        some_id = random.choice([example, changed(random, example), random.choice(NASTY)])
        address = path.replace("{public_id}", self.encoded(some_id) or "x")
        names = random.choices([*takes], k=random.choice([0, 1, 1, 2, 3, 5])) if takes else []
        # A file takes as long as ten pages.
        if random.random() < 0.9:
            names = [name for name in names if name != "format"]
        if random.random() < 0.05:
            names.append(random.choice(NASTY))
        query = "&".join(
            f"{self.encoded(name)}={self.encoded(self.value(name, takes.get(name, {})))}"
            for name in names
        )
        headers = {}
        if random.random() < 0.1:
            headers["HTTP_ACCEPT"] = random.choice(ACCEPTS)
        if random.random() < 0.1:
            headers["HTTP_IF_NONE_MATCH"] = random.choice(TAGS)
        return f"{address}?{query}" if query else address, headers

    def value(self, name, about):
        random = self.random
        if name == "cursor":
            cursor = random.choice(self.cursors)
            return random.choice([cursor, changed(random, cursor)])
        allowed = about.get("allowed") or ["1"]
        right = str(random.choice(allowed)) if isinstance(allowed, list) else "1"
        kind = random.random()
        if kind < 0.5:
            return right
        if kind < 0.7:
            return changed(random, right)
        if kind < 0.85:
            return "".join(random.choices(DATES, k=random.randrange(1, 14)))
        return random.choice(NASTY)

    def encoded(self, text):
        """Percent-encoded, now and then wrongly."""
        if self.random.random() < 0.02:
            return "".join(f"%{self.random.randrange(256):02x}" for _ in range(4))
        return quote(text.encode("utf-8", "surrogatepass"), safe="")

    def learn(self, answer):
        """Cursors that it gave are sent back, to other addresses too."""
        if next_page := answer.get("next"):
            self.cursors = [*self.cursors[-30:], next_page.partition("cursor=")[2].split("&")[0]]


def answered(client, address, headers):
    """The answer, with all that can be said of any."""
    begun = time.process_time()
    response = client.get(address, **headers)
    content = b"".join(response) if response.streaming else response.content
    assert time.process_time() - begun < LATE
    assert response.status_code in ANSWERS, content[:500]
    assert not any("\n" in value or "\r" in value for value in response.headers.values())
    assert "X-Injected" not in response.headers
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    if response.status_code >= 400:
        assert media_type == PROBLEM
        problem = json.loads(content)
        assert problem["status"] == response.status_code
        assert "Traceback" not in problem["detail"]
        return problem
    return json.loads(content) if media_type == "application/json" else {}


def test_no_request_fails_whatever_it_asks(dataset, client):
    requests = Requests(client, Random(SEED))
    statuses = set()
    for number in range(COUNT):
        address, headers = requests.make()
        try:
            answer = answered(client, address, headers)
        except Exception as error:
            raise AssertionError(f"request {number} of seed {SEED}: {address} {headers}") from error
        statuses.add(answer.get("status", 200))
        requests.learn(answer)
    # Neither does it miss the parts behind the checks.
    assert {200, 400, 404} <= statuses
    assert len(requests.cursors) > 5


def test_no_date_fails_whatever_is_written():
    random = Random(SEED)
    understood = 0
    for _ in range(COUNT // 4):
        text = "".join(random.choices(DATES, k=random.randrange(12)))
        text = random.choice(
            [text, changed(random, "2022-02-24/2025-12"), changed(random, "202X~")]
        )
        try:
            dates.parse(text)
            understood += 1
        except ValueError:
            continue
    assert 0 < understood < COUNT // 4


def test_no_data_file_fails_whatever_stands_in_it():
    random = Random(SEED)
    texts = [path.read_text() for path in sorted((CHECKOUT / "fixtures").rglob("*.yaml"))[:5]]
    for _ in range(COUNT // 10):
        text = random.choice(texts)[:3_000]
        for _ in range(random.randrange(1, 5)):
            text = changed(random, text)
        file = reading.read(Path("x.yaml"), text.encode("utf-8", "replace"))
        assert file.problems or file.content is not None


@pytest.mark.django_db
def test_no_workbook_fails_whatever_stands_in_it():
    from cases.importing.workbook.template import template

    random = Random(SEED)
    whole = template()
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(max(5, COUNT // 200)):
        broken = dict(parts)
        name = random.choice([*parts])
        text = changed(random, parts[name].decode("utf-8", "replace"))
        broken[name] = text.encode("utf-8", "replace")
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for part, content in broken.items():
                archive.writestr(part, content)
        content = packed.getvalue()
        if random.random() < 0.3:
            at = random.randrange(len(content))
            content = content[:at] + random.randbytes(4) + content[at + 4 :]
        assert isinstance(problems(content), list)
