"""Caddy and nginx with their files in `deploy/`, and what a client asks of them."""

import http.client
import os
import pwd
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casesapi.postgres.state_dir import CHECKOUT
from tests.system.processes import free_port, run
from tests.system.tools import skip_without
from tests.waiting import WAIT_TIMEOUT, until

DEPLOY = CHECKOUT / "deploy"
SITE = "api.example.org"


@contextmanager
def caddy(folder: Path, nodes: list[int]) -> Iterator[int]:
    """Its port. nodes: their ports."""
    program, port = skip_without("caddy"), free_port()
    config = folder / "Caddyfile"
    # Certificates of its own, as no authority would issue one for this name.
    alone = "admin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects"
    config.write_text((DEPLOY / "Caddyfile").read_text().replace("admin off", alone))
    env = {
        "SITE": f"https://{SITE}:{port}",
        "HOST_NAME": SITE,
        "NODES": " ".join(f"127.0.0.1:{node}" for node in nodes),
        "HOME": str(folder),
    }
    with _running(
        [program, "run", "--config", config, "--adapter", "caddyfile"], port, folder, env
    ):
        yield port


@contextmanager
def nginx(folder: Path, nodes: list[int]) -> Iterator[int]:
    """The same, with a certificate of its own."""
    program, port = skip_without("nginx"), free_port()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    run(
        skip_without("openssl"),
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-days", "1", "-subj", f"/CN={SITE}", "-keyout", key, "-out", certificate),
    )
    config = folder / "nginx.conf"
    text = (DEPLOY / "nginx.conf").read_text()
    for place, here in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/nginx/certificate.pem": str(certificate),
        "/etc/nginx/key.pem": str(key),
        "node1:8000": f"127.0.0.1:{nodes[0]}",
        "node2:8000": f"127.0.0.1:{nodes[-1]}",
        "http {": f"http {{ client_body_temp_path {folder}/nginx-bodies;",
    }.items():
        assert place in text
        text = text.replace(place, here)
    # The workers run as whoever starts them, so that they can use this folder.
    config.write_text(f"user {pwd.getpwuid(os.geteuid()).pw_name};\n{text}")
    options = ["-p", folder, "-c", config, "-g", f"daemon off; pid {folder}/nginx.pid;"]
    with _running([program, *options], port, folder, None):
        yield port


@contextmanager
def _running(
    command: list[str | Path], port: int, folder: Path, env: dict[str, str] | None
) -> Iterator[None]:
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            until(
                lambda: answer(port)[0] == 200 or server.poll() is not None,
                "the site answers",
                log.read_text,
            )
            assert server.poll() is None, log.read_text()
            yield
        finally:
            server.terminate()
            server.wait(WAIT_TIMEOUT)


# To read the certificates of the system, as a default context does, takes longer than an answer.
_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_TLS.check_hostname, _TLS.verify_mode = False, ssl.CERT_NONE


def as_tls(sock):
    """TLS to the site on a connected socket, for the name that it is called by."""
    return _TLS.wrap_socket(sock, server_hostname=SITE)


class _Connection(http.client.HTTPConnection):
    def connect(self):
        super().connect()
        self.sock = as_tls(self.sock)


def answer(port, address="/api/v1/", method="GET", headers=(), source="127.0.0.1"):
    """headers: pairs, beside the Host. source: the address of the client."""
    raw = _Connection("127.0.0.1", port, timeout=WAIT_TIMEOUT, source_address=(source, 0))
    try:
        raw.putrequest(method, address, skip_host=True)
        for name, value in [("Host", SITE), *headers]:
            raw.putheader(name, value)
        raw.endheaders()
        response = raw.getresponse()
        return response.status, response.headers, response.read()
    except (OSError, http.client.HTTPException) as error:
        return None, {}, repr(error)
    finally:
        raw.close()
