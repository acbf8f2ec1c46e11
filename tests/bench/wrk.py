"""Load from wrk: eight connections, one thread."""

import re
import shutil
import subprocess
import tempfile
from typing import NamedTuple

CONNECTIONS = 8

UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}

SCRIPT = """
local ids = {%s}
local at = 0
request = function()
  at = at %% #ids + 1
  return wrk.format("GET", (string.gsub("%s", "{id}", ids[at])), {%s})
end
"""


class Load(NamedTuple):
    """Answers a second; median and 99th percentile of latency in seconds; answers that failed."""

    rate: float
    median: float
    p99: float
    failed: int


def load(port: int, address: str, seconds: float, headers: dict[str, str], ids: list[str]) -> Load:
    """Asks for an address as fast as it can. ids: put in place of {id}, one after the other."""
    told = ", ".join(f'["{name}"]="{escaped(value)}"' for name, value in headers.items())
    listed = ", ".join(f'"{one}"' for one in ids or [""])
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (listed, escaped(address), told))
        script.flush()
        done = subprocess.run(
            [
                *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "--latency"),
                *("--timeout", "30s", "-s", script.name, f"http://127.0.0.1:{port}/"),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", done)))
    failed += sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", done)))
    return Load(
        rate=float(re.findall(r"Requests/sec:\s+([\d.]+)", done)[0]),
        median=_seconds(re.findall(r"(?m)^ +50% +(\S+)", done)[0]),
        p99=_seconds(re.findall(r"(?m)^ +99% +(\S+)", done)[0]),
        failed=failed,
    )


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _seconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS[unit]


def missing() -> bool:
    return shutil.which("wrk") is None
