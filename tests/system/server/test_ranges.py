"""Parts of files over real connections: curl resumes, and polars reads by URL."""

import polars

from tests.system.processes import run
from tests.system.tools import skip_without
from tests.waiting import until

# Pinned: an address without `as_of` is another file after the next publication.
CASES = "/api/v1/cases/?format=ndjson&as_of=1"
TABLE = "/api/v1/defendants/?format=parquet&as_of=1"


def statuses(server, size):
    """How requests for files were answered since, as soon as the log has so many lines more."""
    before = len(server.log())

    def since():
        until(lambda: len(server.log()) >= before + size, "the requests are in the log")
        return [line.get("status") for line in server.log()[before:]]

    return since


def test_curl_goes_on_where_a_download_broke_off(server, tmp_path):
    skip_without("curl")
    url, file = server.url + CASES, tmp_path / "cases.ndjson"
    whole = server.ask(CASES).body
    run("curl", "-sf", "-r", "0-9999", "-o", file, url)
    assert file.read_bytes() == whole[:10_000]
    said = run("curl", "-sf", "-C", "-", "-o", file, "-w", "%{http_code} %{size_download}", url)
    assert said == f"206 {len(whole) - 10_000}"
    assert file.read_bytes() == whole
    # Once more, when nothing is missing.
    assert run("curl", "-s", "-C", "-", "-o", file, "-w", "%{http_code}", url) == "416"
    assert file.read_bytes() == whole


def test_polars_reads_some_columns_of_a_table_by_its_url(server):
    whole = server.ask(TABLE)
    since = statuses(server, 2)
    found = polars.scan_parquet(server.url + TABLE).select("id", "sex").collect()
    assert 206 in since()
    assert found.columns == ["id", "sex"]
    assert found.height == int(whole.headers["Dataset-Count"])
    assert polars.read_csv(server.url + TABLE.replace("parquet", "csv")).height == found.height
