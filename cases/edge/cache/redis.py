"""A second level behind the memory of each process: Redis or Valkey, where all find what one
computed.

What stands there is found by the head and ends after minutes, so nothing that was redacted stays.
It is signed, as a fact that somebody else wrote there would be told as ours. Without the store
everything is answered as if there were none.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

import orjson
import redis
from django.conf import settings

from cases.api.http.code_version import CODE_VERSION
from cases.edge.cache.memory import Answer, Key
from cases.edge.latest import LatestPublication

# Seconds after which an answer ends there, whether or not the head has moved.
LIFE = 120
# Bytes of an answer; longer ones take longer to fetch than to compute.
LARGEST = 2_000_000
# Seconds to wait for the store, which is more than most answers take to compute; and how long it is
# left alone once it kept somebody waiting.
PATIENCE = 0.1
PAUSE = 1.0

SIGNED = 32  # bytes
LENGTH = 4

T = TypeVar("T")

_log = logging.getLogger(__name__)


class SharedAnswers:
    """The answers of all processes."""

    def __init__(self, url: str) -> None:
        self._store = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            # A request does not try again; the next one does.
            retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),
        )
        self._down = False
        self._next_try = 0.0
        self._lock = Lock()

    def get(self, head: LatestPublication, key: Key) -> Answer | None:
        """Null = none is there, or the store does not answer."""
        name = _name(head, key)
        found: Any = self._tried(lambda: self._store.get(name))
        return None if found is None else _read(name, found)

    def put(self, head: LatestPublication, key: Key, answer: Answer) -> None:
        if len(answer.body) <= LARGEST:
            name = _name(head, key)
            self._tried(lambda: self._store.set(name, _written(name, answer), ex=LIFE))

    def _tried(self, ask: Callable[[], T]) -> T | None:
        if self._down and not self._may_try():
            return None
        try:
            found = ask()
        except redis.RedisError as error:
            self._failed(error)
            return None
        if self._down:
            self._down = False
            _log.warning("The store of answers is back")
        return found

    def _may_try(self) -> bool:
        """Once in a while, one of all threads."""
        with self._lock:
            now = monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + PAUSE
            return True

    def _failed(self, error: redis.RedisError) -> None:
        with self._lock:
            first, self._down = not self._down, True
            self._next_try = monotonic() + PAUSE
        if first:
            _log.warning("The store of answers is not used: %s", error)


def _name(head: LatestPublication, key: Key) -> bytes:
    said = orjson.dumps([CODE_VERSION, *head, *key])
    return b"cases:answer:" + hashlib.sha256(said).hexdigest().encode()


def _written(name: bytes, answer: Answer) -> bytes:
    told = orjson.dumps(answer._replace(body=b"")._asdict() | {"body": None})
    content = len(told).to_bytes(LENGTH, "big") + told + answer.body
    return _signature(name, content) + content


def _read(name: bytes, found: bytes) -> Answer | None:
    signature, content = found[:SIGNED], found[SIGNED:]
    if not hmac.compare_digest(signature, _signature(name, content)):
        _log.warning("An answer in the store is not signed by us")
        return None
    end = LENGTH + int.from_bytes(content[:LENGTH], "big")
    told = orjson.loads(content[LENGTH:end])
    for name_ in ("headers", "unchanged"):
        told[name_] = [(header, value) for header, value in told[name_]]
    return Answer(**told | {"body": content[end:]})


def _signature(name: bytes, content: bytes) -> bytes:
    """The name is signed too: an answer is true only at its place."""
    return hmac.digest(settings.SECRET_KEY.encode(), name + content, "sha256")
