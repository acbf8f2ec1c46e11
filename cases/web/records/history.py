"""What each publication did to a record."""

from collections.abc import Callable
from itertools import pairwise

from cases.web.answers import Json
from cases.web.pages import Page
from cases.web.records.differences import Change

# Versions whose differences are shown; each takes an answer of the API.
COMPARED = 6


def versions(page: Page, path: str, compare: Callable[[Json, Json], list[Change]]) -> list[Json]:
    """What each publication did to a record, newest first, with the differences it made.

    `changes` is null where none are shown: of the first version, and of old ones.
    """
    rows: list[Json] = page.answers.get(f"{path}versions/", {"changed": "false"})["results"]
    brought = [row for row in rows if row["url"]][-COMPARED - 1 :]
    if len(brought) > 1:
        documents = [page.answers.at(path, row["publication"]) for row in brought]
        for newer, (before, after) in zip(brought[1:], pairwise(documents), strict=True):
            newer["changes"] = compare(before, after)
    return rows[::-1]
