"""The deployment of `deploy/` as processes on this machine: PostgreSQL with a replica, Redis, two
nodes, and a proxy."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

from casesapi.postgres.embedded import DATABASE
from casesapi.postgres.state_dir import CHECKOUT
from tests.system import redis_server
from tests.system.deploy import proxies
from tests.system.deploy.proxies import DEPLOY, SITE
from tests.system.faults.cluster import Postgres
from tests.system.processes import free_port, run, state_folder
from tests.system.tools import skip_without
from tests.waiting import WAIT_TIMEOUT, until

SECRET = "synthetic-secret-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="package")
def filled_in():
    """The example of settings, with every empty one filled in."""
    with tempfile.NamedTemporaryFile("w", suffix=".env") as file:
        example = (DEPLOY / "example.env").read_text()
        file.write(re.sub("=$", f"={SECRET}", example, flags=re.MULTILINE))
        file.flush()
        yield file.name


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def folder():
    with state_folder() as folder:
        yield folder


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def redis():
    """In place of the container of Valkey."""
    with redis_server.running() as store:
        yield store


@pytest.fixture(scope="package")
def settings(composed, primary, replica, redis):
    given = dict(composed["services"]["node1"]["environment"])
    places = {
        "@primary/": f"@127.0.0.1:{primary.port}/",
        "@replica/": f"@127.0.0.1:{replica.port}/",
    }
    for name, value in given.items():
        for place, port in places.items():
            value = value.replace(place, port)
        given[name] = value
    return given | {"CACHE_URL": redis.url}


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def site(folder, nodes):
    with proxies.caddy(folder, [port for _, port in nodes]) as port:
        yield port


@pytest.fixture(scope="package")
def nginx_site(folder, nodes):
    with proxies.nginx(folder, [port for _, port in nodes]) as port:
        yield port
