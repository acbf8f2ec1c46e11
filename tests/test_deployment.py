"""Nothing unsafe is served to others; on one's own machine all works without a setting."""

import re
import subprocess
import sys

import pytest

from casesapi.deployment import is_public, refusals
from casesapi.state import CHECKOUT
from tests.system.processes import Process

# Synthetic, as are all secrets in tests.
KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
SAFE = {
    "hosts": ["api.example.org"],
    "debug": False,
    "secret_key": KEY,
    "https": True,
    "proxies": 1,
    "metrics_token": "",
}
# What docs/operations.md tells to set.
ENV = {"ALLOWED_HOSTS": "api.example.org", "PROXIES": "1", "SECRET_KEY": KEY}


@pytest.mark.parametrize(
    ("hosts", "public"),
    [
        (["localhost", "127.0.0.1", "[::1]"], False),
        ([], False),
        (["localhost", "api.example.org"], True),
        (["*"], True),
        (["10.0.0.1"], True),
    ],
)
def test_whoever_names_another_host_serves_the_public(hosts, public):
    assert is_public(hosts) is public


def test_settings_that_are_safe_are_not_refused():
    assert list(refusals(**SAFE)) == []


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"hosts": ["api.example.org", "*"]}, "ALLOWED_HOSTS"),
        ({"debug": True}, "DEBUG"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "abab" * 20}, "SECRET_KEY"),
        ({"secret_key": f"django-insecure-{KEY}"}, "SECRET_KEY"),
        ({"https": False}, "HTTPS"),
        ({"proxies": 0}, "PROXIES"),
        ({"metrics_token": "short"}, "METRICS_TOKEN"),
    ],
)
def test_each_unsafe_setting_is_refused_by_its_name(unsafe, named):
    [said] = refusals(**SAFE | unsafe)
    assert said.startswith(named)
    assert KEY not in said


def checked(tmp_path, **env):
    tmp_path.chmod(0o711)
    with Process(tmp_path, "manage.py", "check", "--deploy", "--fail-level=WARNING", **env) as run:
        return run.popen.wait(60), run.printed()


def test_a_documented_deployment_passes_djangos_own_checks(tmp_path):
    code, said = checked(tmp_path, **ENV)
    assert code == 0, said
    assert "no issues" in said


def test_an_unsafe_deployment_does_not_start_and_all_reasons_are_told(tmp_path):
    code, said = checked(tmp_path, ALLOWED_HOSTS="*", DEBUG="1", SECRET_KEY="abc")
    assert code == 1
    for named in ("ALLOWED_HOSTS", "DEBUG", "SECRET_KEY", "PROXIES"):
        assert f"  {named} " in said
    assert "Traceback" not in said


def test_another_server_does_not_start_either(tmp_path):
    env = {"ALLOWED_HOSTS": "api.example.org", "SECRET_KEY": "abc"}
    with Process(tmp_path, "-c", "import casesapi.wsgi", **env) as run:
        assert run.popen.wait(60) != 0
        assert "SECRET_KEY can be guessed" in run.printed()


def test_debug_is_not_served_to_other_machines(tmp_path):
    with Process(tmp_path, "manage.py", "serve", DEBUG="1", HOST="0.0.0.0") as run:
        assert run.popen.wait(60) == 1
        assert "DEBUG" in run.printed()
        assert "Traceback" not in run.printed()


def settings_of(*names, **env):
    code = f"from django.conf import settings as s; print({', '.join(f's.{n}' for n in names)})"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "CASES_STATE_DIR": env.pop("state"), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")


def test_the_public_is_served_by_tls_only(tmp_path):
    asked = (*COOKIES, "SECURE_HSTS_SECONDS")
    state = str(tmp_path)
    assert settings_of(*asked, state=state, **ENV) == ["True", "True", "True", "31536000"]
    assert settings_of(*asked, state=state) == ["False", "False", "False", "0"]


def test_every_setting_is_explained_to_operators():
    read = "".join(
        (CHECKOUT / path).read_text()
        for path in ("casesapi/settings.py", "cases/management/commands/serve.py")
    )
    names = set(re.findall(r'env\.\w+\(\s*"(\w+)"', read))
    assert {"ALLOWED_HOSTS", "PORT", "STATEMENT_SECONDS"} <= names
    explained = (CHECKOUT / "docs/operations.md").read_text()
    assert [name for name in sorted(names) if f"`{name}`" not in explained] == []
