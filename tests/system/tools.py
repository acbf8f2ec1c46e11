"""Programs that only some tests need. Without one they are skipped, and a line at the end of the
run says what was not tested; with CI=1 they fail instead."""

import os
import shutil
from typing import Any, NamedTuple, NoReturn

import pytest

MARK = "NOT TESTED: "


class Tool(NamedTuple):
    """programs: names of which one is enough. tests: what needs it. debian, macos: the package."""

    programs: tuple[str, ...]
    tests: str
    debian: str
    macos: str = ""  # there is none

    def reason(self) -> str:
        packages = [f"Debian: sudo apt-get install {self.debian}"]
        if self.macos:
            packages.append(f"macOS: brew install {self.macos}")
        return f"{MARK}{self.tests}; {self.programs[0]} is missing. {'; '.join(packages)}"


TOOLS = {
    tool.programs[0]: tool
    for tool in (
        Tool(("chromium",), "pages and desk in a browser", "chromium", "--cask chromium"),
        Tool(("npm",), "the TypeScript client", "npm", "node"),
        Tool(("node",), "JavaScript in the cookbook", "nodejs", "node"),
        Tool(("Rscript",), "R in the cookbook", "r-base-core", "r"),
        Tool(("curl",), "curl in the cookbook", "curl", "curl"),
        Tool(
            ("redis-server", "valkey-server"),
            "quotas and answers that processes share in Redis",
            "redis-server",
            "redis",
        ),
        Tool(("caddy",), "the site of deploy/ behind its proxy", "caddy", "caddy"),
        Tool(("nginx",), "the site of deploy/ behind nginx", "nginx-light", "nginx"),
        Tool(("openssl",), "certificates for nginx", "openssl", "openssl"),
        Tool(("docker-compose",), "deploy/compose.yaml", "docker-compose", "docker-compose"),
        Tool(("systemd-analyze",), "deploy/cases-api.service", "systemd"),
        Tool(("cc",), "clocks that are set back", "gcc"),
    )
}


def skip_without(name: str) -> str:
    """The path of a program. Without it the test is skipped, or fails with CI=1."""
    tool = TOOLS[name]
    # An ordinary user need not have the second one in the path.
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    for program in tool.programs:
        if found := shutil.which(program, path=path):
            return found
    if os.environ.get("CI"):
        # A tool that CI should have installed; nobody would see what is skipped.
        pytest.fail(tool.reason(), pytrace=False)
    pytest.skip(tool.reason())


def not_tested(what: str, why: str) -> NoReturn:
    """Skips what this machine cannot do whatever is installed, in CI too; the summary says so."""
    pytest.skip(f"{MARK}{what}; {why}")


def missing(reports: list[Any]) -> dict[str, int]:
    """Why tests were skipped by one of these two, and how many."""
    found: dict[str, int] = {}
    for report in reports:
        # Path, line and reason; this is what xdist sends to its controller.
        if isinstance(report.longrepr, tuple):
            reason = report.longrepr[2].removeprefix("Skipped: ")
            if reason.startswith(MARK):
                found[reason] = found.get(reason, 0) + 1
    return found


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lines = missing(terminalreporter.stats.get("skipped", []))
    for reason, count in sorted(lines.items()):
        terminalreporter.write_line(f"{reason} ({count} skipped)", yellow=True)
