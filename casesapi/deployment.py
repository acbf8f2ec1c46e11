"""What a deployment must have set before it serves anybody but its own machine."""

from collections.abc import Collection, Iterator

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
# Characters that Django asks of a key, and different ones among them.
KEY_LENGTH, KEY_VARIETY = 50, 5
TOKEN_LENGTH = 20

MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"


def is_public(hosts: Collection[str]) -> bool:
    """Whether others than this machine can be answered: any other name for a host is refused."""
    return not LOOPBACK.issuperset(hosts)


def refusals(
    *,
    hosts: Collection[str],
    debug: bool,
    secret_key: str,
    https: bool,
    proxies: int,
    metrics_token: str,
) -> Iterator[str]:
    """Each reason not to serve the public with these settings, as a sentence that says what to
    set; none = it is safe."""
    if "*" in hosts:
        yield "ALLOWED_HOSTS holds *, which is any name: set your own, such as api.example.org."
    if debug:
        yield "DEBUG shows the inside of the program on every error: leave it unset."
    if (
        len(secret_key) < KEY_LENGTH
        or len(set(secret_key)) < KEY_VARIETY
        or secret_key.startswith("django-insecure-")
    ):
        yield f"SECRET_KEY can be guessed: make one of {KEY_LENGTH} characters with {MAKE_ONE}"
    if not https:
        yield "HTTPS is off, so logins can be read on their way: leave it unset."
    elif proxies < 1:
        yield (
            "PROXIES is 0, but this server speaks no TLS: set the number of proxies of yours in "
            "front of it, of which the outermost speaks it and sets X-Forwarded-Proto."
        )
    if metrics_token and len(metrics_token) < TOKEN_LENGTH:
        yield (
            f"METRICS_TOKEN can be guessed: set {TOKEN_LENGTH} characters or more, or leave it "
            "unset, and there are no metrics."
        )
