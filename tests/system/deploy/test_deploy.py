"""What stands in `deploy/`, as far as it can be tried without an engine for containers: each file
by the program that reads it, and the commands of the containers as processes on this machine."""

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

from casesapi.embedded import DATABASE
from casesapi.state import CHECKOUT
from tests.system.faults.cluster import Postgres
from tests.system.processes import free_port, run, state_folder
from tests.system.tools import skip_without
from tests.waiting import WAIT_TIMEOUT, until

DEPLOY = CHECKOUT / "deploy"
SITE = "api.example.org"
SECRET = "synthetic-secret-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def filled_in():
    """The example of settings, with every empty one filled in."""
    with tempfile.NamedTemporaryFile("w", suffix=".env") as file:
        example = (DEPLOY / "example.env").read_text()
        file.write(re.sub("=$", f"={SECRET}", example, flags=re.MULTILINE))
        file.flush()
        yield file.name


@pytest.fixture(scope="module")
def composed(filled_in):
    compose = skip_without("docker-compose")
    path = DEPLOY / "compose.yaml"
    # What the test run has for itself would come before the file.
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    return yaml.safe_load(run(compose, "-f", path, "--env-file", filled_in, "config", env=env))


def instructions():
    """Of the Dockerfile, as pairs of a word and the rest of the line."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line.strip().split(None, 1) for line in lines]


def command():
    [words] = [json.loads(rest) for word, rest in instructions() if word == "CMD"]
    return words


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


@pytest.fixture(scope="module")
def folder():
    with state_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def image(folder):
    """The files that the image gets, and no others."""
    image = folder / "image"
    image.mkdir()
    for word, rest in instructions():
        if word == "COPY":
            source, target = rest.split()
            path = CHECKOUT / source
            place = image / target
            if path.is_dir():
                shutil.copytree(path, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(path, place)
    shutil.copytree(DEPLOY, image / "deploy")
    return image


@pytest.fixture(scope="module")
def primary(folder, composed):
    """Set up by the script that the container of PostgreSQL runs once."""
    primary = Postgres(folder / "primary").create()
    primary.ask("CREATE ROLE cases LOGIN SUPERUSER")
    given = composed["services"]["primary"]["environment"]
    as_database(
        primary,
        "sh",
        DEPLOY / "postgres/roles.sh",
        **{name: given[name] for name in ("READER_PASSWORD", "REPLICATOR_PASSWORD")},
        POSTGRES_USER="cases",
        POSTGRES_DB=DATABASE,
        PGDATA=str(primary.data),
    )
    assert "host replication replicator" in (primary.data / "pg_hba.conf").read_text()
    yield primary
    primary.stop()


def as_database(server, *command, background=False, **env):
    """Runs something as the system user of the databases, with PostgreSQL's programs."""
    user = server.server.runs_as
    options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    path = f"{server.server.program('postgres').parent}:{os.environ['PATH']}"
    env = {"PATH": path, "PGHOST": "127.0.0.1", "PGPORT": str(server.port), "LC_ALL": "C"} | env
    if background:
        return subprocess.Popen([*map(str, command)], env=env, cwd="/", **options)
    return run(*command, env=env, cwd="/", **options)


@pytest.fixture(scope="module")
def replica(folder, primary):
    """Copied and started by the script of its container."""
    replica = Postgres(folder / "replica")
    replica.server.make_socket_folder()
    replica.server.give(replica.data.parent)
    options = ["-k", replica.server.sockets, "-p", replica.port, "-c", "listen_addresses=127.0.0.1"]
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write((DEPLOY / "postgres/replica.sh").read_text())
        script.flush()
        os.chmod(script.name, 0o644)
        process = as_database(
            primary,
            *("sh", script.name, *options),
            background=True,
            PGDATA=str(replica.data),
            PRIMARY_HOST="127.0.0.1",
            PRIMARY_PORT=str(primary.port),
            PGPASSWORD=SECRET,
        )
        until(
            lambda: replica.server.sockets.joinpath(f".s.PGSQL.{replica.port}").exists(),
            "the replica starts",
        )
        yield replica
        process.terminate()
        process.wait(WAIT_TIMEOUT)
    shutil.rmtree(replica.server.sockets, ignore_errors=True)


@pytest.fixture(scope="module")
def settings(composed, primary, replica):
    given = composed["services"]["node1"]["environment"]
    places = {
        "@primary/": f"@127.0.0.1:{primary.port}/",
        "@replica/": f"@127.0.0.1:{replica.port}/",
    }
    for name, value in given.items():
        for place, port in places.items():
            value = value.replace(place, port)
        given[name] = value
    # Counts of requests without a Valkey; that one is tried elsewhere.
    del given["CACHE_URL"]
    return given


@pytest.fixture(scope="module")
def nodes(folder, image, settings):
    env = os.environ | settings | {"CASES_STATE_DIR": str(folder / "state")}
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    run("sh", "deploy/prepare.sh", cwd=image, env=env)
    started = []
    try:
        for _ in range(2):
            port = free_port()
            node = subprocess.Popen(
                [Path(sys.executable).parent / command()[0], *command()[1:]],
                cwd=image,
                env=env | {"PORT": str(port), "HOST": "127.0.0.1"},
                start_new_session=True,
            )
            started.append((node, port))
        for _, port in started:
            until(lambda port=port: healthy(port), "a node finds itself healthy")
        yield started
    finally:
        for node, _ in started:
            node.terminate()
        for node, _ in started:
            node.wait(WAIT_TIMEOUT)


def healthy(port):
    """As the container asks it of itself."""
    [check] = [rest for word, rest in instructions() if word == "HEALTHCHECK"]
    words = json.loads(check.split("CMD", 1)[1])
    env = {"PORT": str(port), "ALLOWED_HOSTS": SITE, "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, *words[1:]], env=env, capture_output=True)
    return done.returncode == 0


@pytest.fixture(scope="module")
def site(folder, nodes):
    caddy, port = skip_without("caddy"), free_port()
    config = folder / "Caddyfile"
    # Certificates of its own, as nobody else would give one for this name.
    alone = "admin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects"
    config.write_text((DEPLOY / "Caddyfile").read_text().replace("admin off", alone))
    env = {
        "SITE": f"https://{SITE}:{port}",
        "HOST_NAME": SITE,
        "NODES": " ".join(f"127.0.0.1:{node_port}" for _, node_port in nodes),
        "HOME": str(folder),
    }
    command = [caddy, "run", "--config", config, "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            until(
                lambda: answer(port)[0] == 200,
                "the site answers",
                (folder / "caddy.log").read_text,
            )
            yield port
        finally:
            server.terminate()
            server.wait(WAIT_TIMEOUT)


def answer(port, address="/api/v1/", method="GET"):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        raw = http.client.HTTPSConnection("127.0.0.1", port, timeout=WAIT_TIMEOUT, context=context)
        # For the name that it is called by, which TLS says too.
        raw._context.wrap_socket, wrap = (
            lambda sock, **_: wrap(sock, server_hostname=SITE),
            raw._context.wrap_socket,
        )
        raw.request(method, address, headers={"Host": SITE})
        response = raw.getresponse()
        return response.status, response.headers, response.read()
    except (OSError, http.client.HTTPException) as error:
        return None, {}, repr(error)
    finally:
        raw.close()


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
