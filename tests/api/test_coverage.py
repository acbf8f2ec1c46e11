"""A walk over every published document of the real data: no value without its source.

Nothing here is shared with the rules of publishing, so that a mistake there does not hide itself.
"""

import re

import pytest
from django.test import Client

from cases.publishing import bounds
from tests import databases
from tests.api.reading import LISTS, REFERENCE_LISTS, pages, read

pytestmark = pytest.mark.usefixtures("dataset")

# What states no fact: who the record is, which version, what is derived, and parts cited apart.
NO_FACTS = {
    *("id", "url", "version", "publication", "citations", "sources", "disputed"),
    *("legal_status", "standing", "name_withheld"),
    *("case", "defendant", "defendants", "services", "verdicts"),
    *("contradicts", "derived_from"),
}

# Words that make somebody guilty. Codes and labels of ours are checked like any other text.
GUILT = re.compile(
    r"\b(guilt(y|ily)?|culprits?|perpetrators?|offenders?|criminals|felons?|terrorists?"
    r"|murderers?|traitors?|war criminals?|mercenar(y|ies))\b"
    r"|\bвинов(ен|н|ат)|преступник|террорист|предател|убийц|наёмник|наемник"
    r"|кінәлі|қылмыскер|лаңкес|жалдамалы",
    re.IGNORECASE,
)
# The words of others: what sources are called, and where they stand.
QUOTED = {"title", "archive_url", "original_url"}

REFERENCES = {
    "region": "regions",
    "residence_region": "regions",
    "court": "courts",
    "formation": "formations",
    "charges": "articles",
    "articles": "articles",
    "publisher": "publishers",
}
# Keys that hold bare ids or codes, and where these must exist.
BARE = {
    "country": "regions",
    "citizenships": "regions",
    "source": "sources",
    "cites": "sources",
    "parallel_of": "sources",
    "changes": "verdicts",
}


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker):
    """Every current document, by list; fetched once, as nothing here writes."""
    client = Client()
    with django_db_blocker.unblock(), databases.using(databases.LOADED):
        lists = {name: list(pages(client, f"{name}/", page_size=200)) for name in LISTS}
        whole = {name: [read(client, f"{name}/")] for name in REFERENCE_LISTS}
    return {
        name: [document for page in found for document in page["results"]]
        for name, found in (lists | whole).items()
    }


def everything(documents):
    for found in documents.values():
        yield from found


def objects(value):
    """Each JSON object in a document, the document included."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects(part)
    elif isinstance(value, list):
        for part in value:
            yield from objects(part)


def known(value):
    if isinstance(value, dict):
        return any(known(part) for part in value.values())
    return value not in (None, [], "")


def cited_objects(document):
    return [found for found in objects(document) if "citations" in found]


def named(document):
    return document.get("id") or document["code"]


def test_every_value_of_every_object_is_named_by_a_citation(documents):
    unsourced = [
        (found["id"], field)
        for document in everything(documents)
        for found in cited_objects(document)
        for field, value in found.items()
        if field not in NO_FACTS
        and known(value)
        and not any(field in citation["fields"] for citation in found["citations"])
    ]
    assert unsourced == []


def test_every_case_defendant_service_verdict_and_figure_carries_citations(documents):
    for name in ("cases", "defendants", "verdicts", "statistics"):
        assert all(document["citations"] for document in documents[name])
    services = [part for person in documents["defendants"] for part in person["services"]]
    assert services
    assert all(service["citations"] for service in services)


def test_every_value_that_a_source_states_differently_is_shown_as_disputed(documents):
    for document in everything(documents):
        for found in cited_objects(document):
            for citation in found["citations"]:
                if citation["rank"] != "deprecated" and not bounds.rounds(
                    found, citation["values"]
                ):
                    for field in citation["values"]:
                        pointers = document["disputed"]
                        assert any(pointer.endswith(f"/{field}") for pointer in pointers)


def test_some_values_of_cases_are_disputed(documents):
    assert any(case["disputed"] for case in documents["cases"])


def test_every_citation_leads_to_a_source_in_the_same_document(documents):
    dangling = [
        (named(document), citation["source"])
        for document in everything(documents)
        for found in cited_objects(document)
        for citation in found["citations"]
        if citation["source"] not in {source["id"] for source in document["sources"]}
    ]
    assert dangling == []


def test_every_source_brings_those_it_relies_on(documents):
    for name in ("cases", "defendants", "verdicts", "statistics"):
        for document in documents[name]:
            listed = [source["id"] for source in document["sources"]]
            behind = {cited for source in document["sources"] for cited in source["cites"]}
            assert behind <= set(listed), named(document)
            assert len(listed) == len(set(listed)), named(document)


def test_a_source_counts_as_cited_where_the_document_cites_it(documents):
    for name in ("cases", "defendants", "verdicts", "statistics"):
        for document in documents[name]:
            cited = {
                citation["source"]
                for found in cited_objects(document)
                for citation in found["citations"]
            }
            assert {s["id"] for s in document["sources"] if s["cited"]} == cited


def test_a_source_says_the_same_wherever_it_stands(documents):
    records = {source["id"]: source for source in documents["sources"]}
    for name in ("cases", "defendants", "verdicts", "statistics"):
        for document in documents[name]:
            for source in document["sources"]:
                record = records[source["id"]]
                assert {key: record[key] for key in source.keys() - {"cited"}} == {
                    key: value for key, value in source.items() if key != "cited"
                }


def test_every_embedded_code_is_in_its_reference_list(documents):
    lists = {name: {named(document) for document in found} for name, found in documents.items()}
    unknown = []
    for document in everything(documents):
        for found in objects(document):
            for key, value in found.items():
                values = value if isinstance(value, list) else [value]
                for one in values:
                    if key in REFERENCES and isinstance(one, dict):
                        codes = [named(one), *one.get("within", [])]
                        unknown += [
                            (named(document), key, code)
                            for code in codes
                            if code not in lists[REFERENCES[key]]
                        ]
                    elif key in BARE and isinstance(one, str) and one not in lists[BARE[key]]:
                        unknown.append((named(document), key, one))
    assert unknown == []


def test_every_reference_lies_under_one_of_its_own_list_and_names_its_sources(documents):
    sources = {named(source) for source in documents["sources"]}
    for name in REFERENCE_LISTS:
        codes = {named(document) for document in documents[name]}
        for document in documents[name]:
            assert document.get("parent") in codes | {None}, named(document)
            assert set(document.get("sources", [])) <= sources, named(document)


def test_figures_name_figures_that_exist_and_contradiction_goes_both_ways(documents):
    figures = {figure["id"]: figure for figure in documents["statistics"]}
    for figure in figures.values():
        assert {origin["id"] for origin in figure["derived_from"]} <= figures.keys()
        for rival in figure["contradicts"]:
            back = figures[rival["id"]]["contradicts"]
            assert figure["id"] in {other["id"] for other in back}


def test_a_case_its_defendants_and_its_verdicts_say_the_same(documents):
    people = {person["id"]: person for person in documents["defendants"]}
    rulings = {ruling["id"]: ruling for ruling in documents["verdicts"]}
    own = {"version", "publication", "case", "verdicts", "defendant", "sources", "disputed"}
    for case in documents["cases"]:
        for part, records in (("defendants", people), ("verdicts", rulings)):
            for embedded in case[part]:
                record = records.pop(embedded["id"])
                for key in embedded.keys() - own:
                    assert embedded[key] == record[key], (embedded["id"], key)
    assert people == {}
    assert rulings == {}


def words(value):
    """All text of ours in a value."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in QUOTED:
                yield from words(part)
    elif isinstance(value, list):
        for part in value:
            yield from words(part)
    elif isinstance(value, str) and not value.startswith("http"):
        yield value


def presumed_innocent(document):
    people = document.get("defendants") or [document.get("defendant", document)]
    return any(person["legal_status"]["code"] != "convicted" for person in people)


def test_nobody_is_called_guilty_before_a_final_conviction(documents):
    called = [
        (named(document), text)
        for name in ("cases", "defendants", "verdicts")
        for document in documents[name]
        if presumed_innocent(document)
        for text in words(document)
        if GUILT.search(text)
    ]
    assert called == []


def test_the_words_of_guilt_are_found_where_they_stand():
    for text in ("A guilty man", "виновен", "Наёмник", "кінәлі", "two mercenaries"):
        assert GUILT.search(text)
    for text in ("a criminal case", "считается невиновным", "кінәсіз", "mercenarism"):
        assert not GUILT.search(text)
