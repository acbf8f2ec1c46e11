"""What is wrong with a dataset file, said so that an editor finds the place."""

from pathlib import Path
from typing import NamedTuple

Place = tuple[str | int, ...]
"""Where a value stands in a file: keys and list indexes from the top."""


class Problem(NamedTuple):
    """One thing to mend. line: counted from 1. place: `case.defendants[0].age`."""

    file: Path
    line: int
    place: str
    detail: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return where + (f"{self.place}: " if self.place else "") + self.detail


class DatasetError(Exception):
    """The dataset has problems; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def printed(place: Place) -> str:
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
