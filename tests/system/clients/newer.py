"""Reads what a publication brought after the client was generated."""

import json
import sys

from cases_client import Client
from cases_client.api.cases import get_case, list_cases
from cases_client.api.courts import list_courts
from cases_client.models import Case, CaseList, CasePath, CourtList, SparseCaseList

url, publication = sys.argv[1:]
client = Client(base_url=url)
page = list_cases.sync(
    client=client, court=["synthetic-district-court"], as_of=int(publication), article=["KZ-9172"]
)
assert isinstance(page, CaseList)
record = get_case.sync("KZ-9001", client=client)
assert isinstance(record, Case)
assert record.court
courts = list_courts.sync(client=client)
assert isinstance(courts, CourtList)
sparse = list_cases.sync(client=client, ids=["KZ-9001"], fields=[CasePath.COURT_NAME_EN])
assert isinstance(sparse, SparseCaseList)
[short] = sparse.results
print(
    json.dumps(
        {
            "found": [case.id for case in page.results],
            "court": record.court.id,
            "listed": "synthetic-district-court" in {court.id for court in courts.results},
            "sparse": short.to_dict(),
        }
    )
)
