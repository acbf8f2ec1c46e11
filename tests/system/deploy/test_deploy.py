"""What stands in `deploy/`, as far as it can be tried without an engine for containers: each file
by the program that reads it, and the commands of the containers as processes on this machine."""

import json
import subprocess
import sys
from pathlib import Path

from tests.system.deploy.conftest import command
from tests.system.deploy.proxies import DEPLOY, answer
from tests.system.processes import run
from tests.system.tools import skip_without


def test_compose_reads_its_file_and_what_it_mounts_is_there(composed):
    services = composed["services"]
    assert services.keys() == {
        *("primary", "replica", "valkey", "prepare", "node1", "node2", "caddy")
    }
    mounted = [volume for service in services.values() for volume in service.get("volumes", [])]
    files = [volume.rsplit(":", 2)[0] for volume in mounted if volume.startswith("/")]
    assert len(files) == 4
    assert all(Path(file).is_file() for file in files)
    assert services["node1"] == services["node2"]


def test_compose_refuses_to_start_without_secrets():
    compose = skip_without("docker-compose")
    done = subprocess.run(
        [compose, "-f", DEPLOY / "compose.yaml", "--env-file", DEPLOY / "example.env", "config"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Missing mandatory value" in done.stderr


def test_the_dockerfile_has_nothing_that_hadolint_minds():
    run(Path(sys.executable).parent / "hadolint", DEPLOY / "Dockerfile")


def test_systemd_reads_the_unit(tmp_path):
    verify = skip_without("systemd-analyze")
    unit = (DEPLOY / "cases-api.service").read_text()
    assert f"ExecStart=/srv/cases-api/.venv/bin/{' '.join(command())}\n" in unit
    # Where it is not installed, only the place of the program is another one.
    copy = tmp_path / "cases-api.service"
    copy.write_text(unit.replace("/srv/cases-api/.venv/bin/python", sys.executable))
    assert "cases-api" not in run(verify, "verify", copy, stderr=subprocess.STDOUT)


def test_the_site_answers_with_all_that_production_needs(site, primary, replica):
    status, headers, body = answer(site)
    assert status == 200
    assert json.loads(body)["publication"] >= 1
    assert "Server" not in headers or headers["Server"] != "granian"
    assert "max-age" in headers["Strict-Transport-Security"]
    assert answer(site, "/desk/login/")[0] == 200
    for inside in ("/metrics", "/health/ready"):
        assert answer(site, inside)[0] == 404
    assert replica.ask("SELECT pg_is_in_recovery()") == [(True,)]


def test_a_node_that_is_killed_is_noticed_by_nobody(site, nodes):
    """Last, as it ends one of the nodes."""
    nodes[0][0].kill()
    for _ in range(60):
        status, _, body = answer(site, "/api/v1/cases/?page_size=1")
        assert status == 200, body
