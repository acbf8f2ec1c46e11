"""Answers in the memory of one process: those of one head, bounded by their bytes."""

from collections import OrderedDict
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from cases.edge.latest import LatestPublication
from casesapi.server.wsgi_environ import EncodedHeaders, Headers, encoded

Key = tuple[str | bool, ...]

# Bytes that an answer takes beside its body, headers and key: objects and their place in the dict.
OVERHEAD = 2_000
# One answer must not push out everything else.
LARGEST_SHARE = 8


class _Answer(NamedTuple):
    """A complete answer to GET.

    tag: its entity tag before any compression. modified: Unix time in seconds; null = not said.
    unchanged: the headers of a 304 for it.
    """

    status: str
    headers: Headers
    body: bytes
    tag: str
    modified: int | None
    unchanged: Headers


class Answer(_Answer):
    """The same, with headers that are encoded once: this takes longer than to find the answer."""

    @cached_property
    def encoded_headers(self) -> EncodedHeaders:
        return encoded(self.headers)

    @cached_property
    def encoded_unchanged(self) -> EncodedHeaders:
        return encoded(self.unchanged)


class AnswerStore:
    """The answers last used, none of them from another head than the one asked for."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._head = LatestPublication()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, head: LatestPublication, key: Key) -> Answer | None:
        """The answer under this head; null = none is kept. A new head forgets all answers."""
        with self._lock:
            if head != self._head:
                self._turn(head)
                return None
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, head: LatestPublication, key: Key, answer: Answer) -> None:
        """Keeps an answer that was read under this head; not when another one has come since."""
        size = _size(key, answer)
        with self._lock:
            if head != self._head or size > self.most_bytes // LARGEST_SHARE:
                return
            former = self._answers.pop(key, None)
            if former is not None:
                self.bytes -= _size(key, former)
            self._answers[key] = answer
            self.bytes += size
            while self.bytes > self.most_bytes:
                self.bytes -= _size(*self._answers.popitem(last=False))

    def _turn(self, head: LatestPublication) -> None:
        self._answers.clear()
        self._head, self.bytes = head, 0


def _size(key: Key, answer: Answer) -> int:
    texts = [part for part in key if isinstance(part, str)]
    texts += [part for pair in (*answer.headers, *answer.unchanged) for part in pair]
    return OVERHEAD + len(answer.body) + sum(map(len, texts))
