"""What the files in `fixtures/` hold, so that tests need no numbers that change with the data."""

from functools import cache

from cases.importing.reading import read
from cases.importing.validating import entries
from casesapi.postgres.state_dir import CHECKOUT


@cache
def sizes():
    """Number of records by the name of their list in the API. No record was withdrawn."""
    found = {}
    for path in sorted((CHECKOUT / "fixtures").rglob("*.yaml")):
        for entry in entries(read(path, path.read_bytes())):
            plural = "cases" if entry.kind == "case" else entry.kind
            found.setdefault(plural, set()).add(entry.id)
            for part in ("defendants", "verdicts"):
                ids = {item["id"] for item in entry.content.get(part, [])}
                found.setdefault(part, set()).update(ids)
    return {name: len(ids) for name, ids in found.items()}


@cache
def publications():
    """Number of publications: the first state and each folder that followed."""
    return len(list((CHECKOUT / "fixtures").rglob("publication.yaml")))
