"""Addresses on the web: parameters that only track readers, and addresses of the same page."""

from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

# What advertisers, newsletters and messengers append, and `_`, by which scripts get past caches.
TRACKING = (
    *("_", "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "igshid"),
    *("yclid", "ysclid", "_openstat", "mc_cid", "mc_eid", "_ga", "_gl", "gad_source", "rcm"),
)
TRACKING_PREFIX = "utm_"


def is_tracking(name: str) -> bool:
    """Whether a query parameter only tracks readers."""
    return name.startswith(TRACKING_PREFIX) or name in TRACKING


def without_tracking(query: str) -> str:
    """The query string without parameters that track readers; others as they were written."""
    parts = query.split("&")
    kept = [part for part in parts if not is_tracking(unquote_plus(part.partition("=")[0]))]
    return query if len(kept) == len(parts) else "&".join(kept)


def source_key(url: str) -> str:
    """What two addresses of the same page have in common: neither scheme, `www.`, a trailing slash,
    fragment, the order of parameters nor tracking."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if parts.port and parts.port not in (80, 443):
        host = f"{host}:{parts.port}"
    given = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted(pair for pair in given if not is_tracking(pair[0])))
    return f"{host}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")
