"""`q`: one person is found however the name is spelt, and nobody else before that one."""

import pytest
from django.core.cache import cache

from tests.api import published
from tests.api.reading import ids, mistakes, pages, read

LUFT = "KZ-0009"


def found(client, query, name="cases", **more):
    return ids(read(client, f"{name}/", q=query, **more))


@pytest.mark.parametrize(
    "query",
    [
        *("Люфт", "Lyuft", "Luft", "Liuft", "Ljuft", "люфт", "LUFT", "Лю́фт"),
        *("Luft Yevgeny", "Lyuft Evgeniy", "Євген Люфт", "Евгений Люфт", "Jewgenij Luft"),
        *("Евгений Иванович Люфт", "Lyuft Yevgeny Ivanovich"),
        *("Е. Люфт", "Luft E.", "Y. Luft", "E Luft", "Ye. Lyuft"),
        *("Lufft", "Lyfut Yevgeny", "Yevgney Luft", "Evgeny Lutf", "Yevgen", "Evge Luft"),
        *("Bugrovoe", "Бугровое", "Buhrovoe", "Luft Bugrovoe Bakhmut"),
    ],
)
def test_a_person_is_found_first_however_the_name_is_spelt(dataset, client, query):
    assert found(client, query)[0] == LUFT
    assert found(client, query, "defendants")[0] == f"{LUFT}-D1"


# Of the real data: the query, and the case that must come first.
OTHERS = {
    "Хайрулин": "UZ-0001",
    "Hayrulin Ildar": "UZ-0001",
    "Шомполов": "KZ-0005",
    "Szompolow": "KZ-0005",
    "Schompolow Alexej": "KZ-0005",
    "Алишер Холиқов": "UZ-0005",
    "Xolikov": "UZ-0005",
    "Фурқатбек Ҳасанов": "UZ-0015",
    "Жуманов Шукур": "UZ-0004",
    "Кубанычбек уулу Аскар": "KG-0002",
    "Asqar Qubanıçbek": "KG-0002",
    "Сергій Лапушкін": "KG-0004",
    "Sergueï Lapouchkine": "KG-0004",
    "Степин Никита": "KZ-0003",
    "Vassiliev Victor": "KG-0004",
    "Ш.К.": "UZ-0023",
}


@pytest.mark.parametrize("query", OTHERS)
def test_other_people_are_found_first_too(dataset, client, query):
    assert found(client, query)[0] == OTHERS[query]


def test_every_name_in_the_data_finds_its_own_case(dataset, client):
    for page in pages(client, "cases/", page_size=200):
        for case in page["results"]:
            for defendant in case["defendants"]:
                for name in defendant["names"]:
                    assert case["id"] in found(client, name["text"], page_size=200), name


def test_a_source_is_found_by_words_of_its_title_and_by_its_publisher(dataset, client):
    listed = read(client, "sources/", page_size=200)["results"]
    titled = [source for source in listed if source["title"]]
    assert len(titled) > 10
    for source in titled[:10]:
        title = " ".join(source["title"].split()[:5])
        assert source["id"] in found(client, title, "sources")
        publisher = source["publisher"]["name"]["en"]
        assert source["id"] in found(client, publisher, "sources", page_size=200)


def test_a_case_is_found_by_its_number_and_by_words_of_its_summary(dataset, client):
    assert LUFT in found(client, "citizen sentenced six years Ministry of Defence contract")
    assert LUFT in found(client, "Kyzylzhar district court")
    assert found(client, LUFT) == [LUFT]


def test_every_word_must_be_found(dataset, client):
    assert found(client, "Luft Khairulin") == []
    assert found(client, "Luft nowhereatall") == []


def world(**people):
    """Cases with one defendant each; the first is the oldest."""
    documents = []
    for number, (key, text) in enumerate(people.items(), 1):
        case = {"id": f"ZZ-000{number}"}
        if key.startswith("summary"):
            case["summary"] = {"en": text}
        names = [] if key.startswith("summary") else [{"text": text}]
        ruling = {
            "date": {"earliest": f"20{10 + number}-01-01", "latest": f"20{10 + number}-01-01"}
        }
        documents += published.prosecution(case, {"names": names}, ruling)
    published.publish(*documents)


def test_the_same_comes_before_the_unfinished_before_the_misspelt_before_what_is_no_name(
    empty, client
):
    world(
        near="Garim",
        begun="Karimov",
        summary_exact="of Karim",
        exact="Karim Karimov",
        later="Karim",
    )
    assert found(client, "Karim") == ["ZZ-0005", "ZZ-0004", "ZZ-0003", "ZZ-0002", "ZZ-0001"]


def test_a_missing_patronymic_comes_last_and_a_missing_name_not_at_all(empty, client):
    world(
        without="Asan Usenov",
        both="Asan Bolotovich Usenov",
        other="Bolotovich Usenov",
        typo="Asan Bolotovih Usenov",
        later="Asan Usenov",
    )
    assert found(client, "Усенов Асан Болотович") == ["ZZ-0002", "ZZ-0004", "ZZ-0005", "ZZ-0001"]
    assert found(client, "Усенов Болотович") == ["ZZ-0003", "ZZ-0002", "ZZ-0004"]


def test_a_missing_patronymic_comes_even_behind_a_typo(empty, client):
    world(without="Asan Usenov", typo="Asin Bolotovich Usenov")
    assert found(client, "Усенов Асан Болотович") == ["ZZ-0002", "ZZ-0001"]


def test_one_word_does_not_answer_two(empty, client):
    world(surname_only="Umar Asanov", meant="Asan Asanov")
    assert found(client, "Асанов Асан") == ["ZZ-0002"]


def test_only_the_last_word_may_be_unfinished_and_of_two_letters_only_in_a_name(empty, client):
    world(one="Kubanychbek Asanov", summary_other="Asanov in Kuban")
    assert found(client, "Asanov Kub") == ["ZZ-0001", "ZZ-0002"]
    assert found(client, "Kub Asanov") == []
    assert found(client, "Asanov Ku") == ["ZZ-0001"]


def test_short_words_allow_no_typo_and_running_text_little(empty, client):
    world(kim="Kim", summary_left="he left", luft="Luft")
    assert found(client, "Kin") == []
    assert found(client, "Luft") == ["ZZ-0003"]
    assert found(client, "Lufta") == ["ZZ-0003"]


def test_relevance_orders_a_search_unless_asked_otherwise(dataset, client):
    query = {"q": "mercenar", "page_size": 200}
    best = ids(read(client, "cases/", **query))
    assert ids(read(client, "cases/", ordering="relevance", **query)) == best
    by_id = ids(read(client, "cases/", ordering="id", **query))
    assert by_id == sorted(best)
    assert len(by_id) > 3


@pytest.mark.parametrize("query", ["mercenar", "Uzbekistan court", "Luft"])
@pytest.mark.parametrize("ordering", ["relevance", "id", "-decided"])
def test_pages_of_a_search_hold_each_record_once_and_in_order(dataset, client, query, ordering):
    whole = found(client, query, ordering=ordering, page_size=200)
    walked = list(pages(client, "cases/", q=query, ordering=ordering, page_size=2))
    assert [public_id for page in walked for public_id in ids(page)] == whole
    back = [ids(page) for page in pages_before(client, walked[-1])]
    assert [public_id for page in reversed(back) for public_id in page] == whole
    assert {page["count"] for page in walked} == {len(whole)}


def pages_before(client, page):
    yield page
    while page["previous"]:
        page = read(client, page["previous"])
        yield page


def test_a_cursor_holds_for_its_own_search_only(dataset, client):
    page = read(client, "cases/", q="court", page_size=1)
    [error] = mistakes(client, page["next"].replace("q=court", "q=contract"))
    assert error["param"] == "cursor"


def test_a_search_goes_together_with_all_other_filters(dataset, client):
    assert found(client, "court", country="KZ")
    assert all(public_id.startswith("KZ") for public_id in found(client, "court", country="KZ"))
    assert found(client, "Luft", country="UZ", ids=LUFT) == []
    assert found(client, "Luft", ids=LUFT) == [LUFT]


def test_a_search_finds_the_words_of_its_time(empty, client):
    world(one="Erstwhile")
    world(one="Afterward")
    assert found(client, "Erstwhile") == []
    assert found(client, "Erstwhile", as_of=1) == ["ZZ-0001"]
    assert found(client, "Afterward") == ["ZZ-0001"]
    assert found(client, "Afterward", as_of=1) == []


def test_a_permalink_of_a_search_answers_with_the_same_bytes(empty, client):
    world(one="Karim", two="Karimov")
    page = client.get("/api/v1/cases/", {"q": "Karim"})
    world(three="Karim")
    assert client.get(page.json()["permalink"]).content == page.content


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "?!",
        "«—»",
        ".",
        "ь",
        "ʼ",
        "\u200b",
        "\ufeff\u200d",
        "\u0301",
        "_",
        "x" * 201,
        "a b c d e f g h i",
        "слово " * 9,
    ],
)
def test_a_query_that_cannot_be_used_is_refused(dataset, client, query):
    for name in ("cases", "defendants", "verdicts", "sources"):
        [error] = mistakes(client, f"{name}/", q=query)
        assert (error["param"], error["value"]) == ("q", query.strip() or query)
        assert error["allowed"]


@pytest.mark.parametrize(
    "query",
    [
        *("«Люфт»", '"Luft"', "(Luft)", "Luft,Yevgeny", "Luft/Yevgeny", "Luft!", "'Luft'"),
        *("Лю\u200bфт", "\ufeffЛюфт", "Лю\xadфт", "Lu\u200dft", "\u200eLuft\u200f", "Ｌｕｆｔ"),
        *("LUFT\xa0Yevgeny", "Luft\tYevgeny", "Luft\nYevgeny", "  Luft  "),
    ],
)
def test_punctuation_and_what_nobody_sees_make_no_difference(dataset, client, query):
    assert found(client, query)[0] == LUFT


def test_a_number_is_found_in_other_digits_and_never_by_one_like_it(empty, client):
    numbered = [("ZZ-0001", "1-22/2024"), ("ZZ-0002", "1-23/2024")]
    for key, number in numbered:
        published.publish(*published.prosecution({"id": key, "court_case_number": number}, {}, {}))
    for query in ("1-22/2024", "№ 1-22/2024", "١-٢٢/٢٠٢٤", "22"):
        assert found(client, query) == ["ZZ-0001"]
    assert found(client, "1-24/2024") == []


def test_one_typo_is_forgiven_in_a_query_but_not_two(empty, client):
    world(both="Asimov Karimov", one="Asimov Karimow")
    assert found(client, "Asimof Karinov") == ["ZZ-0002", "ZZ-0001"]
    assert found(client, "Asinov Karinov") == []


def test_another_languages_letter_comes_before_a_typo(empty, client):
    world(variant="Григорій Сич", typo="Hrihotij Sych")
    assert found(client, "Hryhorii Sych") == ["ZZ-0001", "ZZ-0002"]


def test_a_word_that_is_a_typo_of_one_does_not_begin_with_another_too(empty, client):
    world(surname_only="Umar Khurshidev", meant="Khurshid Khurshidov")
    assert found(client, "Khurshidov Khurshid") == ["ZZ-0002"]


@pytest.mark.parametrize(
    "query", ["'", "%", "a%b_c", "{luft}", 'a"b\\', "\0luft", "🙂 luft", "ь", "中国", "عبد"]
)
def test_no_character_does_harm(dataset, client, query):
    assert client.get("/api/v1/cases/", {"q": query}).status_code in (200, 400)


def test_relevance_without_a_search_is_refused(dataset, client):
    [error] = mistakes(client, "cases/", ordering="relevance")
    assert (error["param"], error["value"]) == ("ordering", "relevance")
    assert "relevance" not in error["allowed"]
    [error] = mistakes(client, "statistics/", ordering="relevance")
    assert "relevance" not in error["allowed"]
    [error] = mistakes(client, "cases/", ordering="-relevance", q="Luft")
    assert "relevance" in error["allowed"]


def test_statistics_cannot_be_searched(dataset, client):
    [error] = mistakes(client, "statistics/", q="cases")
    assert error["param"] == "q"


@pytest.mark.parametrize("query", ["Lyuft Evgeniy Ivanovich", "court", "nowhereatall"])
def test_a_search_costs_one_query_more_than_a_list(
    dataset, client, django_assert_num_queries, query
):
    read(client, "")  # what every process reads once
    with django_assert_num_queries(2):
        read(client, "cases/")
    with django_assert_num_queries(3):
        first = read(client, "cases/", q=query, page_size=2)
    with django_assert_num_queries(3):
        assert read(client, "cases/", q=query, page_size=1)["count"] == first["count"]


def test_a_page_counts_all_that_is_found_wherever_the_counting_begins(dataset, client):
    first = read(client, "cases/", q="court", page_size=2)
    assert first["count"] == len(found(client, "court", page_size=200)) > 4
    cache.clear()
    second = read(client, first["next"])
    assert second["count"] == first["count"]
    cache.clear()
    assert read(client, second["previous"])["count"] == first["count"]
    assert read(client, "cases/", q="nowhereatall")["count"] == 0
    assert "count" not in read(client, "cases/", q="court", count="false")


def test_facets_count_what_a_search_finds(dataset, client):
    whole = read(client, "cases/", q="mercenar")["count"]
    facets = read(client, "cases/facets/", q="mercenar", by="country")
    assert facets["count"] == whole > 3
    assert sum(value["count"] for value in facets["facets"]["country"]["values"]) == whole


@pytest.mark.parametrize("size", [1, 2, 200])
def test_a_search_finds_the_same_whether_its_count_is_known_or_asked_for(dataset, client, size):
    for name in ("cases", "defendants"):
        query = {"q": "Wagner", "page_size": size}
        counted = read(client, f"{name}/", **query)
        known = read(client, f"{name}/", **query)
        left_out = read(client, f"{name}/", **query, count="false")
        assert counted == known
        assert counted["results"] == left_out["results"]
        assert len(counted["results"]) == min(size, counted["count"])
        assert counted["count"] > 2
    assert read(client, "cases/", q="zzzzzzzz")["count"] == 0
