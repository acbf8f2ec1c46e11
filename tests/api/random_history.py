"""Synthetic records, and random histories of publishing, correcting, withdrawing and merging."""

from random import Random
from typing import Any

from cases.models import Publication
from cases.models import published as rows
from cases.publishing.ledger import diff, ledger
from cases.publishing.redaction import redacting
from cases.vocabulary import Operation, RecordKind
from tests.api import published

REGIONS = {"KZ-59": "KZ", "KZ-75": "KZ", "UZ-FA": "UZ"}
FORMATIONS = {"wagner": [], "ru-mod": [], "ru-kamenka-unit": ["ru-mod"]}
OUTCOMES = ["convicted", "acquitted", "dismissed"]
SPELLINGS = ["Синтетический", "Synthetic", "Ойдан шығарылған", '=cmd "quoted", with comma']


def reference() -> list[published.Document]:
    """What the records refer to."""
    entries = published.reference(
        region=["KZ", "UZ", *REGIONS],
        formation=FORMATIONS,
        article=["KZ-170", "KZ-172"],
        court=["synthetic-court"],
        publisher=["synthetic-daily"],
    )
    return [(kind, content | {"name": {"en": "Synthetic"}}) for kind, content in entries]


def prosecution(number: int, random: Random) -> list[published.Document]:
    """The documents of one synthetic case, every value drawn anew."""
    region = random.choice([None, *REGIONS])
    unit = random.choice([None, *FORMATIONS])
    case = {
        "id": f"KZ-{number}",
        "country": REGIONS.get(region, "KZ"),
        "kind": random.choice(["participation", "recruitment"]),
        "conflict": "2022-",
        "status": random.choice(["trial", "decided", "final"]),
        "procedure": random.choice([None, "simplified", "ordinary"]),
        "region": region and {"code": region, "within": [REGIONS[region]]},
        "court": random.choice([None, {"id": "synthetic-court"}]),
        "charges": [{"code": random.choice(["KZ-170", "KZ-172"]), "within": []}],
        "opened": None,
        "summary": {"en": random.choice(SPELLINGS)},
    }
    formation = unit and {"id": unit, "within": FORMATIONS[unit]}
    defendant = {
        "names": [{"text": random.choice(SPELLINGS)}],
        "legal_status": {"code": random.choice(["accused", "convicted"])},
        "plea": random.choice([None, "admitted", "denied"]),
        "citizenships": random.sample(["KZ", "UZ"], random.randint(0, 2)),
        "residence_region": None,
        "services": [{"formation": formation}] if unit else [],
    }
    return published.prosecution(case, defendant, verdict(random), verdict(random))


def verdict(random: Random) -> dict[str, Any]:
    day = f"{random.randint(2023, 2026)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    date = {"value": day, "earliest": day, "latest": day}
    imprisoned = random.random() < 0.7
    return {
        "outcome": random.choice(OUTCOMES),
        "court": None,
        "articles": [],
        "date": random.choice([date, None]),
        "reported": None,
        "sentence_kind": "imprisonment" if imprisoned else None,
        "sentence_months": random.randint(12, 120) if imprisoned else None,
        "standing": random.choice(["standing", "standing", "annulled"]),
    }


class History:
    """A dataset that goes on changing. Begins with what is referred to and `size` cases.

    redacting: also people vanish from it, which changes its past.
    """

    def __init__(self, random: Random, size: int, *, redacting: bool = False) -> None:
        self.random = random
        self.steps = ["new", "correct", "correct", "correct", "withdraw", "merge"]
        if redacting:
            self.steps.append("redact")
        self.next = 9001
        first = reference()
        for _ in range(size):
            first += self._new()
        published.publish(*first, note="Synthetic beginning")

    def go_on(self, publications: int) -> None:
        for step in range(publications):
            self._step(f"Synthetic edit {step}")

    def _step(self, note: str) -> None:
        alive = sorted(rows(RecordKind.CASE).current().values_list("public_id", flat=True))
        what = self.random.choice(self.steps)
        if what == "new" or len(alive) < 4:
            published.publish(*self._new(), note=note)
        elif what == "correct":
            number = int(self.random.choice(alive).removeprefix("KZ-"))
            published.publish(*prosecution(number, self.random), note=note)
        elif what == "withdraw":
            end(Operation.WITHDRAW, dict.fromkeys(_parts(self.random.choice(alive))), note)
        elif what == "redact":
            # Also somebody who was withdrawn or merged, and again somebody who was redacted.
            known = rows(RecordKind.DEFENDANT).values_list("public_id", flat=True)
            redact(self.random.choice(sorted(set(known))), "On request")
        else:
            loser, survivor = self.random.sample(alive, 2)
            pairs = zip(_parts(loser), _parts(survivor), strict=True)
            end(Operation.MERGE, {record: into for record, (_, into) in pairs}, note)

    def _new(self) -> list[published.Document]:
        self.next += 1
        return prosecution(self.next, self.random)


def end(operation: Operation, records: dict[published.Record, str | None], note: str) -> None:
    """Ends records as the desk does, each with the id that it is merged into, if any."""
    with ledger.publishing(note) as opened:
        gone = [
            diff.Gone(kind, public_id, rows(kind).current().get(public_id=public_id).version)
            for kind, public_id in records
        ]
        into = {public_id: into for (_, public_id), into in records.items() if into}
        opened.end(operation, gone, into or None)


def redact(defendant: str, note: str) -> Publication | None:
    """Redacts as the desk does; everybody else of the same name is somebody else."""
    target = redacting.find(defendant)
    others = redacting.shared_by(target)
    return redacting.redact(redacting.find(defendant, different=others), note)


def _parts(case: str) -> list[published.Record]:
    """A synthetic case has one defendant and two verdicts."""
    return [
        (RecordKind.CASE, case),
        (RecordKind.DEFENDANT, f"{case}-D1"),
        (RecordKind.VERDICT, f"{case}-V1"),
        (RecordKind.VERDICT, f"{case}-V2"),
    ]
