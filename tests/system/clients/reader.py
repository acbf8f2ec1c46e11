"""A list, a record and an error, read with the client that is made from the schema."""

import json
import sys

from cases_client import Client
from cases_client.api.cases import get_case, list_cases
from cases_client.api.verdicts import list_verdicts
from cases_client.models import Case, Outcome, ParametersProblem, VerdictList

client = Client(base_url=sys.argv[1])

page = list_verdicts.sync(
    client=client,
    outcome=[Outcome.CONVICTED],
    region=["KZ"],
    sentence_months_min=60,
    count=True,
)
assert isinstance(page, VerdictList)

record = get_case.sync("KZ-0009", client=client)
assert isinstance(record, Case)
assert record.court
assert record.opened is None

problem = list_cases.sync(client=client, ids=["none"])
assert isinstance(problem, ParametersProblem)

print(
    json.dumps(
        {
            "count": page.count,
            "terms": [verdict.sentence_months for verdict in page.results],
            "court": record.court.name.en,
            "names": [name.text for person in record.defendants for name in person.names],
            "status": problem.status,
            "wrong": [error.param for error in problem.errors],
        }
    )
)
