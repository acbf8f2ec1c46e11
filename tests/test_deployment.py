"""Nothing unsafe is served to others; on one's own machine all works without a setting."""

import re

import pytest

from casesapi.deployment import is_public, refusals
from casesapi.postgres.state_dir import CHECKOUT

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


def test_every_setting_is_explained_to_operators():
    read = "".join(
        (CHECKOUT / path).read_text()
        for path in ("casesapi/settings.py", "cases/management/commands/serve.py")
    )
    names = set(re.findall(r'env\.\w+\(\s*"(\w+)"', read))
    assert {"ALLOWED_HOSTS", "PORT", "STATEMENT_SECONDS"} <= names
    explained = (CHECKOUT / "docs/operations.md").read_text()
    assert [name for name in sorted(names) if f"`{name}`" not in explained] == []
