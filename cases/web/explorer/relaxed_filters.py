"""Where nothing is found: which filter is in the way."""

from itertools import islice
from urllib.parse import urlsplit

from cases.web.answers import Answers, Json
from cases.web.explorer.chips import chips
from cases.web.explorer.labels import Names
from cases.web.explorer.selection import PAGING, Selection, joined

# Filters that are tried without; each costs a query.
MOST = 6


def loosened(answers: Answers, selection: Selection, page: str) -> list[Json]:
    """What would be found without one of the filters: its chip, how many records, and where.

    page: path of the list; pointer: where the API says the number.
    """
    found = []
    pairs = zip(chips(selection, Names(answers)), selection.filtering(), strict=True)
    for chip, (name, value) in islice(pairs, MOST):
        others = [other for other in selection.values(name) if other != value]
        asked = selection.asked(without=(*PAGING, name))
        asked |= {name: others} if others else {}
        answer = answers.get(f"{selection.kind}/", asked | {"page_size": ["1"]})
        if answer["count"]:
            place = urlsplit(answer["permalink"])
            found.append(
                {
                    "chip": chip,
                    "count": answer["count"],
                    "pointer": f"{place.path}?{place.query}#/count",
                    "address": joined(page, chip.without),
                }
            )
    return found
