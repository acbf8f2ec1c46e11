from unittest.mock import patch

import pytest

from cases.publishing.documents.build import REFERENCE, documents
from cases.publishing.rules import RULES, Violation, violations
from tests.publishing.examples import order, rulings, sources

EXAMPLES = sources.EXAMPLES | order.EXAMPLES | rulings.EXAMPLES

BROKEN = [
    pytest.param(rule, *example, id=f"{rule}: {name}")
    for rule, examples in EXAMPLES.items()
    for name, example in examples.broken.items()
]
FINE = [
    pytest.param(example, id=f"{rule}: {name}")
    for rule, examples in EXAMPLES.items()
    for name, example in examples.fine.items()
]


def found():
    """All violations. Reference tables have no rules, so to be quick they are not rendered."""
    with patch.dict(REFERENCE, clear=True):
        return [violation for document in documents() for violation in violations(document)]


def test_reference_tables_have_no_rules():
    assert not RULES.keys() & {model for model, _ in REFERENCE.values()}


def test_every_rule_has_examples_that_break_it_and_neighbours_that_do_not():
    assert EXAMPLES.keys() == {rule.__name__ for rules in RULES.values() for rule in rules}
    assert all(examples.broken and examples.fine for examples in EXAMPLES.values())


@pytest.mark.parametrize(("rule", "change", "findings"), BROKEN)
def test_a_change_that_breaks_a_rule_is_found_and_nothing_else(
    working_copy, rule, change, findings
):
    change()
    assert found() == [Violation(rule, *finding) for finding in findings]


@pytest.mark.parametrize("change", FINE)
def test_a_change_that_may_be_right_breaks_no_rule(working_copy, change):
    change()
    assert found() == []
