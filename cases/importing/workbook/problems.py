"""What is wrong with a workbook, said so that an editor finds the cell."""

from typing import NamedTuple

LONGEST = 80  # characters of a value in a message


class CellProblem(NamedTuple):
    """One thing to mend. row: as Excel counts, 0 = the sheet or file as a whole. column: name in
    the header; empty = the row as a whole. value: as it stands in the cell, empty = nothing."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        where = [self.sheet, f"row {self.row}" if self.row else "", self.column]
        said = f" “{self.value}”" if self.value else ""
        return ", ".join(filter(None, where)) + f":{said} {self.reason}"


class FileError(Exception):
    """The file can not be read at all; the message says why, for an editor."""


def shown(value: object) -> str:
    """A value as far as it fits into a message."""
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
