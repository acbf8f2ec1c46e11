"""What the start page counts, and where each count leads."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.models import Case, Finding, LikelyDuplicate, LinkCheck, Name, Source
from cases.quality import duplicates, findings
from tests import synthetic


def counts(client):
    return {line.what: line.waiting for line in client.get("/desk/").context["board"]}


def line(client, what):
    (found,) = [line for line in client.get("/desk/").context["board"] if what in line.what]
    return found


def test_a_sound_dataset_waits_for_nobody(editor, record):
    Source.objects.update(archive_url="https://synthetic.example/kept")
    assert set(counts(editor).values()) == {0}


def test_each_count_leads_to_a_list_of_as_many(editor, record):
    synthetic.uncite(record, "status")
    Case.objects.update(draft=True)
    findings.refresh(Case.objects.get())
    citation = record.citations.get()
    citation.values = {"kind": "attempt"}
    citation.save()
    other = synthetic.statistic("STAT-9002", contradicts=[synthetic.STATISTIC])
    assert other
    LinkCheck.objects.create(
        source=Source.objects.get(),
        address="https://synthetic.example/",
        state="gone",
        checked_at=timezone.now(),
    )
    copy(record, "KZ-9002")
    duplicates.refresh(Case.objects.get(pk="KZ-9002"))
    found = counts(editor)
    assert found == {
        "Cases that wait for a check or publication": 1,
        "Figures that wait": 0,
        "Sources that wait": 0,
        "Facts without a source, in drafts": 1,
        "Other broken rules, in drafts": 0,
        "Citations that dispute a fact": 1,
        "Figures that others contradict": 2,
        "Sources without an archive copy": 1,
        "Dead links": 1,
        "Cases that may be the same": 1,
    }
    for line in editor.get("/desk/").context["board"]:
        listed = editor.get(line.address).context["cl"]
        if "broken" not in line.what:
            assert listed.result_count == line.waiting, line.what


def copy(case, id):
    """Another case about a defendant of the same name."""
    return synthetic.case(id)


def test_the_board_costs_a_fixed_number_of_queries(
    editor,
    record,
    django_assert_max_num_queries,
):
    with django_assert_max_num_queries(25):
        editor.get("/desk/")


def test_findings_are_those_of_drafts_only(record):
    synthetic.uncite(record, "status")
    findings.refresh(record)
    assert not Finding.objects.exists()
    Case.objects.update(draft=True)
    call_command("check_quality", stdout=StringIO())
    assert Finding.objects.get().field == "status"
    Case.objects.update(draft=False)
    call_command("check_quality", stdout=StringIO())
    assert not Finding.objects.exists()


@pytest.fixture
def two(db):
    """Two cases of unlike people, in courts far apart in time."""
    first, second = synthetic.case("KZ-9001"), synthetic.case("KZ-9002")
    rename(first, "Synthetic Ermek")
    rename(second, "Another Sultan")
    verdict = second.verdicts.get()
    verdict.date = "2021-01-01"
    verdict.save()
    return first, second


def rename(case, text, kind="full"):
    for name in Name.objects.filter(defendant__case=case):
        name.text, name.kind = f"{text} {name.pk}" if name.pk % 1 else text, kind
        name.language = f"x-{name.pk}"
        name.save()


def pairs():
    return list(LikelyDuplicate.objects.values_list("first", "second", "likeness"))


def refresh(case):
    duplicates.refresh(Case.objects.get(pk=case.pk))


def test_unlike_cases_are_no_pair(two):
    duplicates.refresh_all()
    assert pairs() == []


def test_a_name_in_another_spelling_and_order_makes_a_pair(two):
    first, second = two
    rename(first, "Асқар Synthetic")
    rename(second, "Synthetic Askar")
    refresh(second)
    refresh(first)
    assert pairs() == [("KZ-9001", "KZ-9002", "name")]


def test_one_name_alone_says_too_little(two):
    for case in two:
        rename(case, "Askar")
    duplicates.refresh_all()
    assert pairs() == []


def test_a_ruling_like_another_makes_a_pair_when_a_name_is_unknown(two):
    _, second = two
    verdict = second.verdicts.get()
    verdict.date, verdict.reported = None, "2024-09-12"
    verdict.save()
    duplicates.refresh_all()
    assert pairs() == []
    rename(second, "A. S.", kind="initials")
    duplicates.refresh_all()
    assert pairs() == [("KZ-9001", "KZ-9002", "ruling")]
    verdict.reported = "2024"
    verdict.save()
    duplicates.refresh_all()
    assert pairs() == []


def test_what_an_editor_dismissed_does_not_come_back(editor, two):
    for case in two:
        rename(case, "Synthetic Askar")
    duplicates.refresh_all()
    pair = LikelyDuplicate.objects.get()
    editor.post(
        "/desk/cases/likelyduplicate/",
        {"action": "dismiss", "_selected_action": [pair.pk], "index": 0, "reason": "Brothers."},
    )
    duplicates.refresh_all()
    assert LikelyDuplicate.objects.get().dismissed
    assert line(editor, "may be the same").waiting == 0
