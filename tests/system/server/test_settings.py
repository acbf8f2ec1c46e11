"""Settings from the environment, as processes read them: what is unsafe does not start."""

import json
import sys

from tests.system.processes import Process, manage, run

# Synthetic, as are all secrets in tests.
KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
# What docs/operations.md tells to set.
ENV = {"ALLOWED_HOSTS": "api.example.org", "PROXIES": "1", "SECRET_KEY": KEY}
CHECK = ("check", "--deploy", "--fail-level=WARNING")
COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")


def test_a_documented_deployment_passes_djangos_own_checks(empty_state):
    code, said = manage(empty_state, *CHECK, **ENV)
    assert code == 0, said
    assert "no issues" in said


def test_an_unsafe_deployment_does_not_start_and_all_reasons_are_told(empty_state):
    code, said = manage(empty_state, *CHECK, ALLOWED_HOSTS="*", DEBUG="1", SECRET_KEY="abc")
    assert code == 1
    for named in ("ALLOWED_HOSTS", "DEBUG", "SECRET_KEY", "PROXIES"):
        assert f"  {named} " in said
    assert "Traceback" not in said


def test_another_server_does_not_start_either(empty_state):
    env = {"ALLOWED_HOSTS": "api.example.org", "SECRET_KEY": "abc"}
    with Process(empty_state, "-c", "import casesapi.wsgi", **env) as process:
        assert process.wait() != 0
        assert "SECRET_KEY can be guessed" in process.printed()


def test_debug_is_not_served_to_other_machines(empty_state):
    code, said = manage(empty_state, "serve", DEBUG="1", HOST="0.0.0.0")
    assert code == 1
    assert "DEBUG" in said
    assert "Traceback" not in said


def settings_of(state, *names, **env):
    """The values of some settings where nothing is set but `env`."""
    code = (
        "import json; from django.conf import settings as s;"
        f"print(json.dumps([getattr(s, name) for name in {names!r}]))"
    )
    given = {"PATH": "/usr/bin:/bin", "CASES_STATE_DIR": str(state), **env}
    given["DJANGO_SETTINGS_MODULE"] = "casesapi.settings"
    return json.loads(run(sys.executable, "-c", code, env=given))


def test_the_public_is_served_by_tls_only(empty_state):
    asked = (*COOKIES, "SECURE_HSTS_SECONDS")
    assert settings_of(empty_state, *asked, **ENV) == [True, True, True, 31_536_000]
    assert settings_of(empty_state, *asked) == [False, False, False, 0]


def test_the_addresses_of_replicas_are_divided_by_commas(empty_state):
    env = {"DATABASE_URL": "postgresql://p/cases", "SECRET_KEY": "only-for-tests"}
    urls = "postgresql://reader@r1,r2:5433/cases, postgres://reader@r3/cases?connect_timeout=9"
    [databases] = settings_of(empty_state, "DATABASES", DATABASE_REPLICA_URL=urls, **env)
    assert [
        (name, given["HOST"], given["USER"], given["OPTIONS"]["connect_timeout"])
        for name, given in databases.items()
    ] == [
        ("default", "p", "", 2),
        ("replica1", "r1,r2", "reader", 2),
        ("replica2", "r3", "reader", "9"),
    ]
    show = "from casesapi.settings import DATABASES"
    with Process(empty_state, "-c", show, DATABASE_REPLICA_URL=urls) as process:
        assert process.wait() == 1
        assert "DATABASE_URL, which is not set" in process.printed()
