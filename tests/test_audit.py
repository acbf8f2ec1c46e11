"""`.ci/audit` fails on a hole, and says aloud what it could not ask for."""

import json
import runpy
import subprocess
from types import SimpleNamespace

import pytest

from casesapi.postgres.state_dir import CHECKOUT

SOUND = {"name": "synthetic-sound", "version": "1", "vulns": []}
SKIPPED = {"name": "synthetic-skipped", "skip_reason": "not found"}
HOLE = {"id": "SYNTHETIC-1", "fix_versions": ["2"]}
HOLED = {"name": "synthetic-holed", "version": "1", "vulns": [HOLE]}


def audited(monkeypatch, said, errors=""):
    def run(*_, **__):
        if said is None:
            raise subprocess.TimeoutExpired("pip-audit", 300)
        return SimpleNamespace(stdout=said, stderr=errors)

    monkeypatch.setattr(subprocess, "run", run)
    return runpy.run_path(str(CHECKOUT / ".ci/audit"))["main"]()


@pytest.mark.parametrize(
    ("found", "code", "says"),
    [
        ([SOUND], 0, ["1 packages audited, 0 holes"]),
        ([SOUND, HOLED], 1, ["synthetic-holed 1: SYNTHETIC-1, mended by 2", "1 holes"]),
        ([SOUND, SKIPPED], 0, ["NOT AUDITED, 1 of 2 packages: synthetic-skipped"]),
        ([HOLED, SKIPPED], 1, ["NOT AUDITED", "SYNTHETIC-1"]),
    ],
)
def test_what_pip_audit_found_is_reported(monkeypatch, capsys, found, code, says):
    assert audited(monkeypatch, json.dumps({"dependencies": found})) == code
    said = capsys.readouterr().out
    assert all(words in said for words in says)


@pytest.mark.parametrize(
    ("said", "errors", "reason"),
    [
        ("", "ConnectionError: no route", "no route"),
        ("{}", "", "said nothing"),
        (None, "", "no answer"),
    ],
)
def test_without_a_network_it_says_so_and_passes(monkeypatch, capsys, said, errors, reason):
    assert audited(monkeypatch, said, errors) == 0
    printed = capsys.readouterr().out
    assert "NOT AUDITED" in printed
    assert reason in printed
