import pytest

from cases.models import Verdict
from cases.publishing.documents.legal_status import legal_status
from cases.vocabulary import CaseStatus, Instance, LegalStatus, Outcome

CONVICTED, ACQUITTED, DISMISSED = Outcome.CONVICTED, Outcome.ACQUITTED, Outcome.DISMISSED
TREATMENT = Outcome.COMPULSORY_TREATMENT
UPHELD, CHANGED, ANNULLED = Outcome.UPHELD, Outcome.CHANGED, Outcome.ANNULLED

# What the case stands at, and the rulings: in first instance as an outcome alone, else with the
# court.
EXAMPLES = {
    LegalStatus.ACCUSED: {
        "nothing decided": ("investigation", []),
        "sent back to the investigators": ("investigation", [CONVICTED, ("appeal", ANNULLED)]),
    },
    LegalStatus.ON_TRIAL: {
        "nothing decided": ("trial", []),
        "decided, of this one nothing is known": ("decided", []),
        "final, of this one nothing is known": ("final", []),
        "quashed": ("trial", [CONVICTED, ("appeal", ANNULLED)]),
        "quashed, and nothing new": ("final", [CONVICTED, ("cassation", ANNULLED)]),
        "upheld, quashed": (
            "trial",
            [CONVICTED, ("appeal", UPHELD), ("cassation", ANNULLED)],
        ),
        "upheld, what was decided is not known": ("final", [("appeal", UPHELD)]),
        "changed, what was decided is not known": ("final", [("appeal", CHANGED)]),
    },
    LegalStatus.CONVICTED_NOT_FINAL: {
        "in first instance": ("decided", [CONVICTED]),
        "under appeal": ("appeal", [CONVICTED]),
        "quashed then tried again": ("decided", [CONVICTED, ("appeal", ANNULLED), CONVICTED]),
        "upheld, quashed, tried again": (
            "decided",
            [CONVICTED, ("appeal", UPHELD), ("cassation", ANNULLED), CONVICTED],
        ),
        "acquitted, quashed, tried again": (
            "decided",
            [ACQUITTED, ("appeal", ANNULLED), CONVICTED],
        ),
    },
    LegalStatus.CONVICTED: {
        "the case is final": ("final", [CONVICTED]),
        "upheld": ("decided", [CONVICTED, ("appeal", UPHELD)]),
        "changed": ("decided", [CONVICTED, ("appeal", CHANGED, 48)]),
        "changed to another offence, no term known": ("decided", [CONVICTED, ("appeal", CHANGED)]),
        "upheld twice": ("decided", [CONVICTED, ("appeal", UPHELD), ("cassation", UPHELD)]),
        "convicted by the appeal court": ("decided", [ACQUITTED, ("appeal", CONVICTED)]),
        "changed to a term, what was decided is not known": (
            "decided",
            [("appeal", CHANGED, 48)],
        ),
        "quashed, tried again, upheld": (
            "decided",
            [CONVICTED, ("appeal", ANNULLED), CONVICTED, ("appeal", UPHELD)],
        ),
        "the ninth and tenth ruling in their order": (
            "decided",
            [ACQUITTED] * 8 + [("appeal", ANNULLED), ("appeal", CONVICTED)],
        ),
    },
    LegalStatus.ACQUITTED: {
        "in first instance": ("decided", [ACQUITTED]),
        "final": ("final", [ACQUITTED]),
        "upheld": ("decided", [ACQUITTED, ("appeal", UPHELD)]),
        "by the appeal court": ("decided", [CONVICTED, ("appeal", ACQUITTED)]),
        "quashed then acquitted": ("decided", [CONVICTED, ("appeal", ANNULLED), ACQUITTED]),
    },
    LegalStatus.DISMISSED: {
        "by the court": ("decided", [DISMISSED]),
        "by the appeal court": ("final", [CONVICTED, ("appeal", DISMISSED)]),
        "closed before any ruling": ("terminated", []),
        "closed after a ruling was quashed": ("terminated", [CONVICTED, ("appeal", ANNULLED)]),
    },
    LegalStatus.COMPULSORY_TREATMENT: {
        "by the court": ("decided", [TREATMENT]),
        "final": ("final", [TREATMENT, ("appeal", UPHELD)]),
    },
}


def ruling(number, instance, outcome, months=None):
    return Verdict(
        pk=f"KZ-9001-V{number}",
        instance=instance,
        outcome=outcome,
        sentence_months=months,
        sentence_kind="imprisonment" if months else None,
    )


def rulings(described):
    return [
        ruling(number, *((Instance.FIRST, each) if isinstance(each, Outcome) else each))
        for number, each in enumerate(described, 1)
    ]


@pytest.mark.parametrize(
    ("expected", "status", "described"),
    [
        pytest.param(expected, *example, id=f"{expected}: {name}")
        for expected, examples in EXAMPLES.items()
        for name, example in examples.items()
    ],
)
def test_the_legal_status_follows_from_the_case_and_the_rulings(expected, status, described):
    assert legal_status(status, rulings(described)) == expected
    # Rulings may come in any order from the database.
    assert legal_status(status, reversed(rulings(described))) == expected


def test_every_status_outcome_and_state_of_a_case_has_an_example():
    tables = [example for examples in EXAMPLES.values() for example in examples.values()]
    assert EXAMPLES.keys() == set(LegalStatus)
    assert {status for status, _ in tables} == set(CaseStatus)
    assert {ruling.outcome for _, told in tables for ruling in rulings(told)} == set(Outcome)


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("outcome", Outcome)
def test_only_a_conviction_that_stands_makes_somebody_convicted(status, outcome):
    alone = legal_status(status, [ruling(1, Instance.FIRST, outcome)])
    assert (alone == LegalStatus.CONVICTED) == (status == CaseStatus.FINAL and outcome == CONVICTED)
