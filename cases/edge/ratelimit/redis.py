"""Counting over all processes of all machines, in Redis or Valkey."""

import logging
from threading import Lock
from time import monotonic

import redis
from prometheus_client import Counter as Figure

from cases.edge.ratelimit.memory import Count, Counter, Decision, ProcessCounter
from cases.edge.ratelimit.plans import Window

# Seconds to wait for an answer. A request waits so long when the store dies, and then none for a
# while.
PATIENCE = 0.25
PAUSE = 1.0

# KEYS: a counter for each window. ARGV: the cost, 1 where it may overdraw, then quota and
# milliseconds of each window. Answers whether there was room, then the count and the milliseconds
# left of each window.
TAKE = """
local cost, overdraw, answer = tonumber(ARGV[1]), ARGV[2] == '1', {1}
for i, key in ipairs(KEYS) do
  local used, left = tonumber(redis.call('GET', key) or '0'), redis.call('PTTL', key)
  if used + cost > tonumber(ARGV[2 * i + 1]) and not overdraw then answer[1] = 0 end
  answer[2 * i], answer[2 * i + 1] = used, left
end
if answer[1] == 1 and cost ~= 0 then
  for i, key in ipairs(KEYS) do
    local used, left = answer[2 * i], answer[2 * i + 1]
    local quota, window = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
    local after = math.max(0, used + cost)
    if used == 0 or left < 0 then left = window end
    left = left + window * (math.max(0, after - quota) - math.max(0, used - quota)) / quota
    left = math.max(1, math.floor(left))
    redis.call('SET', key, string.format('%d', after), 'PX', left)
    answer[2 * i], answer[2 * i + 1] = after, left
  end
end
return answer
"""

FAILURES = Figure("cases_quota_store_failures", "Times that the store of quotas did not answer.")

_log = logging.getLogger(__name__)


class SharedCounter:
    """Exact over all processes. While the store is down, each process counts by itself: the data
    is public, and to be read is worth more than to be counted."""

    def __init__(self, url: str) -> None:
        client = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            # The request behind a failure is the next try.
            retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),
        )
        self._take = client.register_script(TAKE)
        self._meanwhile: Counter = ProcessCounter()
        self._down = False
        self._next_try = 0.0
        self._lock = Lock()

    def take(
        self, client: str, windows: tuple[Window, ...], cost: int = 1, *, overdraw: bool = False
    ) -> Decision:
        if self._down and not self._may_try():
            return self._meanwhile.take(client, windows, cost, overdraw=overdraw)
        try:
            taken = self._shared(client, windows, cost, overdraw)
        except redis.RedisError as error:
            self._failed(error)
            return self._meanwhile.take(client, windows, cost, overdraw=overdraw)
        if self._down:
            self._down = False
            _log.warning("the store of quotas answers again")
        return taken

    def _shared(
        self, client: str, windows: tuple[Window, ...], cost: int, overdraw: bool
    ) -> Decision:
        # Braces keep the counters of a client together in a cluster.
        keys = [f"cases:quota:{{{client}}}:{window.name}" for window in windows]
        arguments = [cost, int(overdraw)]
        for window in windows:
            arguments += [window.quota, window.seconds * 1_000]
        allowed, *found = self._take(keys=keys, args=arguments)
        counts = [
            # Below 0: it has not begun.
            Count(used, left / 1_000 if left >= 0 else window.seconds)
            for used, left, window in zip(found[::2], found[1::2], windows, strict=True)
        ]
        return Decision(bool(allowed), counts)

    def _may_try(self) -> bool:
        """Once in a while, one of all threads."""
        with self._lock:
            now = monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + PAUSE
            return True

    def _failed(self, error: redis.RedisError) -> None:
        FAILURES.inc()
        with self._lock:
            first, self._down = not self._down, True
            self._next_try = monotonic() + PAUSE
        if first:
            _log.error("the store of quotas does not answer; each process counts by itself",
                       exc_info=error)  # fmt: skip
