"""What a reader selects: the parameters of a page's address, which are those of the API's list."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import QueryDict

from cases.api.request.filter_types import CodeFilter, Ids, RecordFilterSet, Year
from cases.api.urls import FILTERS
from cases.publishing.serializers.fields import API

Pairs = list[tuple[str, str]]

VIEWS = ["table", "cards"]
# What a page takes beside the filters of its list. Other parameters of the API, such as `fields`,
# change the form of an answer and would make no other page.
PAGING = ("ordering", "page_size", "cursor")
OWN = (*PAGING, "as_of", "view")


class Selection:
    """The parameters of one page, without those that are empty."""

    def __init__(self, kind: str, given: QueryDict) -> None:
        self.kind = kind
        self.filters: type[RecordFilterSet] = FILTERS[kind]
        self.pairs: Pairs = [(name, value) for name, all in given.lists() for value in all]

    def is_clean(self) -> bool:
        """Whether the address says nothing in vain."""
        return not any(_in_vain(name, value) for name, value in self.pairs)

    def cleaned(self) -> str:
        """The query without empty fields, as forms send them, and what other sites append."""
        return urlencode([pair for pair in self.pairs if not _in_vain(*pair)])

    def foreign(self) -> list[str]:
        """Names of parameters that the page does not take."""
        known = self.filters.names() | set(OWN)
        return [name for name in self.names() if name not in known]

    def names(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self.pairs))

    @property
    def view(self) -> str:
        return VIEWS[1] if self.first("view") == VIEWS[1] else VIEWS[0]

    def first(self, name: str) -> str:
        return next((value for given, value in self.pairs if given == name), "")

    def values(self, name: str) -> list[str]:
        """All values of a parameter; those of a list also where commas divide them."""
        given = [value for known, value in self.pairs if known == name]
        if not self.is_list(name):
            return given
        parts = (part.strip() for value in given for part in value.split(","))
        return list(dict.fromkeys(part for part in parts if part))

    def is_list(self, name: str) -> bool:
        owner = self.filters.owners().get(name)
        filter_ = self.filters.base_filters[owner] if owner else None
        several = isinstance(filter_, CodeFilter | Ids | Year) and not name.endswith("__isnull")
        return several or name == "ids"

    def filtering(self) -> Pairs:
        """The parameters that select records, one value each."""
        chosen = [name for name in self.names() if name in self.filters.names()]
        return [(name, value) for name in chosen for value in self.values(name)]

    def owned(self, filter_name: str) -> set[str]:
        """The parameters of one filter."""
        return {name for name, owner in self.filters.owners().items() if owner == filter_name}

    def asked(self, without: Iterable[str] = ()) -> dict[str, list[str]]:
        """What the API's list is asked."""
        left_out = {"view", "as_of", *without}
        found: dict[str, list[str]] = {}
        for name, value in self.pairs:
            if name not in left_out:
                found.setdefault(name, []).append(value)
        return found

    def query(
        self, changes: Mapping[str, list[str]] | None = None, without: Iterable[str] = ()
    ) -> str:
        """The query of another view: with some parameters replaced, and from its first page on."""
        changes = changes or {}
        left_out = {"cursor", *without, *changes}
        kept = [pair for pair in self.pairs if pair[0] not in left_out]
        return urlencode(
            [*kept, *((name, value) for name, values in changes.items() for value in values)]
        )

    def without_value(self, name: str, value: str) -> str:
        """The query with one value less."""
        return self.query({name: [other for other in self.values(name) if other != value]})

    def page(self, link: str | None) -> str | None:
        """The query of the page that a `next` or `previous` of the API leads to."""
        if link is None:
            return None
        place = dict(parse_qsl(urlsplit(link).query))
        return self.query({name: [place[name]] for name in ("as_of", "cursor")})

    def api(self, without: Iterable[str] = (), **changes: str) -> str:
        """The path and query of the API's list that gives this very selection."""
        left_out = {"view", *without, *changes}
        pairs = [pair for pair in self.pairs if pair[0] not in left_out]
        return joined(f"{API}/{self.kind}/", urlencode([*pairs, *changes.items()]))


def joined(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _in_vain(name: str, value: str) -> bool:
    return not value.strip()
