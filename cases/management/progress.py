"""Progress bars of the commands; silent when nobody looks on."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from tqdm import tqdm


def bar(task: str, unit: str) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """Wraps an iterable so that its progress is shown on stderr when that is a terminal."""

    def wrap(items: Iterable[Any]) -> Iterable[Any]:
        return tqdm(items, desc=task, unit=f" {unit}", disable=not sys.stderr.isatty())

    return wrap
