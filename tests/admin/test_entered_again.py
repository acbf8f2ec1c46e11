"""What is there already is named with a link when it is entered again."""

from cases.models import Case, Source
from tests import synthetic
from tests.admin.new_case import filled

ADDRESS = "https://www.synthetic.example/SRC-9001/?utm_source=newsletter"


def test_saving_a_case_names_another_one_of_the_same_person(reporter, page):
    synthetic.case("KZ-9001", defendant={"names": [("Evgenii Syntheticov", "full")]})
    form = filled(page, reporter)
    form.fill(
        defendants__0__names__0__text="Yevgeny Syntheticov", defendants__0__names__0__language="en"
    )
    saved = form.send(reporter)
    case = Case.objects.exclude(pk="KZ-9001").get()
    assert f"{case.pk} may be the same as" in saved.html
    assert '<a href="/desk/cases/case/KZ-9001/change/">KZ-9001</a>' in saved.html


def same_address(page, client):
    """The form of a new source with the address of SRC-9001, nothing sent yet."""
    synthetic.source()
    return page(client, "cases/source/add/").fill(
        publisher=synthetic.PUBLISHER,
        kind="news_report",
        language="en",
        url=ADDRESS,
        extent_read="full",
    )


def test_a_source_with_a_known_address_is_refused_with_a_link(reporter, page):
    form = same_address(page, reporter)
    answer = form.send(reporter)
    [error] = answer.errors["url"]
    assert (
        '<a href="/desk/cases/source/SRC-9001/change/">SRC-9001</a> has the same address' in error
    )
    assert Source.objects.count() == 1


def test_a_note_that_names_the_other_source_says_that_it_is_another(reporter, page):
    form = same_address(page, reporter).fill(note="A later edition than SRC-9001.")
    form.send(reporter)
    assert Source.objects.count() == 2
