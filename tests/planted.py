"""A world to look for leaks in: canaries in all that is private, and a person published twice.

Canaries are strings that occur nowhere else; the person is invented.
"""

from django.contrib.auth import get_user_model

from cases.admin.publishing import edits
from cases.models import Act, Case, Defendant, Source
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.workflow import audit
from cases.vocabulary import Deed, RecordKind
from tests import synthetic

CANARY = "Qanarq"  # in every private field
EDITOR = "qeditorq"
# A redacted name in the spellings it was published in, and what it folds to.
NAME = ("Zarzuk", "Blimpov", "Blimpoff", "Зарзук", "Блимпов", "zarzuk", "blimpov", "блимпов")
SECRETS = (CANARY, CANARY.lower(), EDITOR)
IDS = ("KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "SRC-9001", "STAT-9001", synthetic.COURT, "KZ-9002")


def plant():
    """Write and publish it; the editor who did."""
    person = get_user_model().objects.create(username=EDITOR, email=f"{EDITOR}@synthetic.example")
    with edits.by(person):
        case = synthetic.case(
            note=f"{CANARY} in a case",
            summary=synthetic.text("Zarzuk Blimpov served."),
            defendant={"names": [("Zarzuk Blimpoff", "full")], "note": CANARY},
            service={"note": CANARY},
            verdict={"note": CANARY},
        )
        Source.objects.update(
            title="Блимпов судим", title_language="ru", note=CANARY, url="https://s.example/blimpov"
        )
        synthetic.statistic(note=CANARY)
        synthetic.case("KZ-9003", draft=True, summary=synthetic.text(f"{CANARY} is a draft"))
        synthetic.source("SRC-9008", draft=True, title=f"{CANARY} is a draft")
        synthetic.case("KZ-9002", defendant={"names": [("S. P.", "initials")]})
        type(synthetic.court()).objects.update(note=CANARY)
    ledger.publish("Zarzuk Blimpov was sentenced")
    defendant = case.defendants.get()
    defendant.names.all().delete()
    synthetic.add_name(defendant, "Зарзук Блимпов", language="ru", script="Cyrl")
    synthetic.cite(Defendant.objects.get(pk=defendant.pk), confirmed=True)
    ledger.publish("A spelling corrected")
    # Half done: saved, not published.
    Case.objects.filter(pk="KZ-9002").update(court_case_number=f"{CANARY} half done")
    audit.record(Deed.CHECK, [RecordRef(RecordKind.CASE, "KZ-9001")], person)
    assert Act.objects.filter(name=EDITOR).exists()
    return person
