"""A new case, typed into the form and not sent yet. All of it is invented."""

from copy import deepcopy

from tests import synthetic
from tests.admin.page import Page

ADD = "cases/case/add/"
EVERYTHING = [
    *("country", "kind", "conflict", "status", "region", "court", "charges", "opened", "summary"),
]

# The form of a new case is the same for all, and takes a second to render.
_empty = []


def filled(page, client):
    """A new case with one defendant, nothing sent yet."""
    synthetic.court()
    synthetic.article()
    synthetic.source()
    synthetic.formation()
    if not _empty:
        _empty.append(page(client, ADD).form)
    form = Page(client, f"/desk/{ADD}", None)
    form.form = deepcopy(_empty[0])
    return form.fill(
        country="KZ",
        kind="participation",
        conflict="2022-",
        status="decided",
        region=synthetic.REGION,
        court=synthetic.COURT,
        charges=[synthetic.ARTICLE],
        opened="2024-02",
        summary_en="Synthetic summary.",
        citations__0__source=synthetic.SOURCE,
        citations__0__fields=EVERYTHING,
        defendants__0__sex="male",
        defendants__0__citizenships=["KZ"],
        defendants__0__names__0__text="Асқар Synthetic"[:5],
        defendants__0__names__0__language="kk",
        defendants__0__citations__0__source=synthetic.SOURCE,
        defendants__0__citations__0__fields=["names", "sex", "citizenships"],
    )
