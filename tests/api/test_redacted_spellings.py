"""Whoever is redacted is no longer found, nor named, under any spelling that search knows."""

import pytest

from cases.models import PublishedCase
from cases.publishing.ledger import ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from tests import synthetic
from tests.api.reading import ids, read


@pytest.mark.parametrize(
    ("name", "summary", "queries", "left"),
    [
        (
            "Mikhail Zarzukov",
            "Michael Zarzukov served; Michael was heard.",
            ("Michael Zarzukov", "Михаил Зарзуков", "Za", "Michael"),
            "[name withheld] served; [name withheld] was heard.",
        ),
        (
            "Vera Li",
            "Vera Lee served. Lee was heard, and so was Ли.",
            ("Vera Lee", "Ли Вера", "Lee"),
            "[name withheld] served. [name withheld] was heard, and so was [name withheld].",
        ),
    ],
)
def test_a_redaction_takes_out_whatever_spelling_search_finds(
    empty, client, name, summary, queries, left
):
    synthetic.case(
        defendant={"names": [(name, "full")]}, summary=synthetic.text(summary), remarks=None
    )
    ledger.publish("synthetic")
    for query in queries:
        assert ids(read(client, "cases/", q=query)) == ["KZ-9001"], query
    assert redacting.redact(redacting.find("KZ-9001-D1"), "On request")
    for query in queries:
        assert ids(read(client, "cases/", q=query)) == [], query
        assert ids(read(client, "cases/", q=query, as_of=1)) == [], query
    assert left in PublishedCase.objects.current().get(public_id="KZ-9001").body
    assert list(differences()) == []


def test_another_person_whose_name_begins_alike_does_not_hinder_a_redaction(empty, client):
    made = synthetic.case(defendant={"names": [("Vera Lee", "full")]})
    synthetic.add_defendant(made, names=[("Leonid Zarzukov", "full")])
    ledger.publish("synthetic")
    assert redacting.redact(redacting.find("KZ-9001-D1"), "On request")
    assert ids(read(client, "defendants/", q="Le")) == ["KZ-9001-D2"]
