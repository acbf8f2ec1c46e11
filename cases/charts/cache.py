"""Pictures are kept for a while, and made once when many ask for the same at the same time."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from django.core.cache import caches

from cases.charts import rendering

T = TypeVar("T", bound=str | bytes)

# Seconds that one waits for a picture that another request makes.
PATIENCE = 2 * (rendering.PATIENCE + rendering.TIMEOUT)

_lock = Lock()
_under_way: dict[str, Future[Any]] = {}


def kept(key: str, make: Callable[[], T]) -> T:
    """The picture of a key. What `make` raises is raised to all that wait for it, and not kept."""
    pictures = caches["pictures"]
    found: T | None = pictures.get(key)
    if found is not None:
        return found
    with _lock:
        made: Future[T] | None = _under_way.get(key)
        if first := made is None:
            made = _under_way[key] = Future()
    if not first:
        return made.result(PATIENCE)
    try:
        picture = make()
        pictures.set(key, picture)
        made.set_result(picture)
        return picture
    except BaseException as error:
        made.set_exception(error)
        raise
    finally:
        with _lock:
            del _under_way[key]
