"""Pages of records: everything that is known is shown, with who says so, and nothing else."""

import re
from html import unescape

import pytest
from django.utils.html import strip_tags

from cases.publishing.serializers.case import (
    CaseShape,
    DefendantShape,
    RecruitmentShape,
    ServiceShape,
    VerdictShape,
)
from cases.publishing.serializers.source import SourceShape
from cases.publishing.serializers.statistic import StatisticShape
from cases.vocabulary import RecordKind
from cases.web.records import fields
from tests.api import published
from tests.api.reading import read

# What stands elsewhere on the page than among its facts.
ELSEWHERE = {
    *("id", "url", "path", "citations", "services", "recruitment", "legal_status"),
    *("summary", "name_withheld", "standing", "changes", "defendant"),
    *("contradicts", "derived_from", "cites", "title_language"),
}


@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        (CaseShape, fields.CASE),
        (DefendantShape, fields.DEFENDANT),
        (RecruitmentShape, fields.RECRUITMENT),
        (ServiceShape, fields.SERVICE),
        (VerdictShape, fields.VERDICT),
        (StatisticShape, fields.STATISTIC),
        (SourceShape, fields.SOURCE),
    ],
)
def test_every_field_of_a_document_has_its_place_on_the_page(shape, shown):
    names = [name for name, _, _ in shown]
    assert len(names) == len(set(names))
    assert set(shape().fields) - (ELSEWHERE - set(names)) == set(names)


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.text


def fact(text, anchor):
    """One fact of a page, as text."""
    [found] = re.findall(rf'<div class="fact[^"]*" id="{anchor}">(.*?)</dd></div>', text, re.S)
    return " ".join(unescape(re.sub("<[^>]+>", " ", found)).split())


def test_the_lyuft_page_says_what_is_known_and_by_whom(dataset, client):
    text = page(client, "/en/cases/KZ-0009/")
    assert "<h1>Yevgeny Luft</h1>" in text
    assert "sentenced, the ruling is not known to be final" in text
    assert fact(text, "verdicts-0-sentence_months") == (
        "Length of the sentence 6 years Source 1 Source 2 Source 3"
    )
    assert '<data value="72" data-at="/verdicts/0/sentence_months">6 years</data>' in text
    assert fact(text, "defendants-0-names").startswith("Names as published Євген Люфт uk")
    assert 'title="Radio Svoboda (RFE/RL Ukrainian Service), 26 February 2026, ¶1-6"' in text


def test_a_name_is_in_the_readers_script_where_it_was_published_in_it(dataset, client):
    assert '<span lang="uk">Євген Люфт</span>' in page(client, "/ru/cases/KZ-0009/")
    assert "<h1>Yevgeny Luft</h1>" in page(client, "/en/cases/KZ-0009/")


def test_sources_that_differ_stand_side_by_side(dataset, client):
    text = page(client, "/en/cases/KG-0002/")
    assert 'href="#defendants-0-age"' in text
    said = fact(text, "defendants-0-age")
    assert said.startswith("Age Sources differ 31")
    assert re.search("31.*What’s New 2Day.*32.*The Moscow Times", said)


def test_a_value_that_editors_take_for_a_mistake_is_no_dispute_but_shown(dataset, client):
    said = fact(page(client, "/en/cases/KZ-0005/"), "verdicts-0-sentence_months")
    assert "Sources differ" not in said
    assert re.search("6 years 8 months.*RFE/RL.*7 years.*judged an error", said)


def test_a_court_that_others_name_is_called_by_its_name(dataset, client):
    said = fact(page(client, "/en/cases/UZ-0001/"), "verdicts-0-court")
    assert said.startswith("Court Sources differ Yukorichirchik court")
    code = read(client, "cases/UZ-0001/")["verdicts"][0]["citations"]
    [other] = {one["values"]["court"] for one in code if "court" in one["values"]}
    assert read(client, f"courts/{other}/")["name"]["en"] in said
    assert other not in said


def test_a_quashed_ruling_is_not_what_one_sees_first(dataset, client):
    text = page(client, "/en/cases/KG-0002/")
    glance = text[text.index('class="glance"') :]
    glance = glance[: glance.index("</dl>")]
    assert "7 years" in glance
    assert "10 years" not in glance


def test_a_person_without_a_published_name_is_called_so(dataset, client):
    assert "<h1>Name not published</h1>" in page(client, "/en/cases/KZ-0010/")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_nobody_is_called_convicted_who_is_not(dataset, client, language):
    """In the words of the page, whatever the record: none of those accused is said to be more."""
    words = {
        "en": r"\bconvict|\bguilty|\bcriminal\b(?! case)",
        "ru": "осужд|виновен(?!,)|преступник|приговор",
        "kk": "сотталды|үкім шығарылды|қылмыскер",
    }
    for public_id in ("KZ-0002", "KG-0004"):
        text = page(client, f"/{language}/cases/{public_id}/")
        main = text[text.index("<main") : text.index('class="sources"')]
        # What sources and editors wrote is theirs, and checked when it is published.
        own = re.sub(r'<(dd|p class="lead")>.*?</(dd|p)>', "", main, flags=re.S)
        assert not re.search(words[language], unescape(strip_tags(own)), re.I)


def test_a_source_that_nobody_cites_shows_what_rests_on_it_through_others(dataset, client):
    text = page(client, "/en/sources/SRC-0003/")
    assert "No value is cited to it directly." in text
    assert 'href="/en/cases/KZ-0009/"' in text
    assert 'href="/en/statistics/STAT-0001/"' in text
    assert 'href="/en/sources/SRC-0001/"' in text  # what it rests on


def test_a_figure_stands_beside_those_that_contradict_it(dataset, client):
    text = page(client, "/en/statistics/STAT-0001/")
    rivals = text[text.index('class="against"') : text.index("What was counted")]
    said = re.findall(r'<p class="value">(.*?)</p>', rivals)
    assert [strip_tags(one) for one in said] == ["709", "141"]


def test_withdrawn_records_say_so(dataset, client):
    published.publish(withdrawn=[(RecordKind.CASE, "KZ-0009")], note="It was somebody else.")
    text = page(client, "/ru/cases/KZ-0009/", 410)
    assert "Эта запись отозвана" in text
    assert "It was somebody else." in text
    assert "Luft" not in text
    # What was published before is still there for whoever cites it.
    assert "Yevgeny Luft" in page(client, "/en/cases/KZ-0009/?as_of=1")


def test_a_merged_record_leads_to_the_one_that_survives(dataset, client):
    number = published.publish(merged={(RecordKind.CASE, "KZ-0010"): "KZ-0011"}).number
    answer = client.get(f"/kk/cases/KZ-0010/?as_of={number}", follow=False)
    assert (answer.status_code, answer["Location"]) == (308, f"../KZ-0011/?as_of={number}")


@pytest.mark.parametrize("kind", ["cases", "sources", "statistics", "courts", "publishers"])
def test_what_was_never_published_is_not_found(dataset, client, kind):
    said = client.get(f"/api/v1/{kind}/KZ-7777/").json()["detail"]
    assert said in unescape(page(client, f"/en/{kind}/KZ-7777/", 404))


def test_a_pinned_page_leads_to_pinned_pages(dataset, client):
    text = page(client, "/en/cases/KZ-0009/?as_of=1")
    assert 'href="/en/sources/SRC-0062/?as_of=1"' in text
    assert 'href="/en/formations/ru-mod/?as_of=1"' in text
    assert "You see the data as of publication 1" in text


def test_versions_show_what_changed(dataset, client):
    document = read(client, "cases/KZ-0009/")
    document["verdicts"][0]["sentence_months"] = 60
    document["defendants"][0]["residence_place"] = None
    published.publish((RecordKind.CASE, document), note="A term corrected.")
    text = page(client, "/en/cases/KZ-0009/")
    history = text[text.index('id="versions"') :]
    history = history[: history.index("</li>")]
    assert "A term corrected." in history
    changes = {
        strip_tags(label): " ".join(strip_tags(value).split())
        for label, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", history)
    }
    assert changes == {
        "Length of the sentence KZ-0009-V1": "6 years 5 years",
        "Place of residence KZ-0009-D1": "Bugrovoe",
    }
