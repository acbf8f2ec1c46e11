"""Keyset paging over one state of the dataset: a crawl sees each record once, and all of them,
while editors go on publishing."""

import hashlib
from typing import Any
from urllib.parse import urlencode

import orjson
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.db.models import BooleanField, F, Func, QuerySet, Value
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.queries import totals
from cases.api.queries.fetch import fetch_best, fetch_first, fetch_page
from cases.api.request import parameter_docs
from cases.api.request.filter_types import RecordFilterSet
from cases.api.request.ordering import RELEVANCE, chosen, sort_keys
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters

# What does not change which records are selected, so cursors and counts hold across it.
VIEW_ONLY = {
    *("cursor", "page_size", "count", "as_of", "ordering", "format"),
    *("fields", "omit"),
}

# Without a time stamp, unlike `signing.dumps`: the same page has the same bytes whenever it is
# asked for.
_signer = Signer(salt="cases.api.cursor")


class KeysetPagination(BasePagination):
    """`{"count","next","previous","publication","permalink","results"}`, results as bytes."""

    page_size = 25
    max_page_size = 200

    @classmethod
    def describe(cls, orderings: list[str], default: str) -> dict[str, Described]:
        """The parameters of paging."""
        order = f"Order of the list; {default} if not given. What is unknown comes last."
        if RELEVANCE in orderings:
            order += f" With q it is {RELEVANCE}, best first, if not given."
        form = f"a whole number from 1 to {cls.max_page_size}"
        return {
            "ordering": parameter_docs.choice(order, orderings, default),
            "page_size": parameter_docs.integer(
                f"Records a page; {cls.page_size} by default.",
                form,
                1,
                cls.max_page_size,
                cls.page_size,
            ),
            "cursor": parameter_docs.text("Place in the list, from `next`.", "a cursor"),
            "count": parameter_docs.boolean("false leaves the count out.", default=True),
        }

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The bodies of one page, and the count unless it is known. One query."""
        parameters: Parameters = view.parameters
        ordering = chosen(view.filterset_class, parameters)
        size = parameters.integer("page_size", 1, self.max_page_size) or self.page_size
        counted = parameters.boolean("count") is not False
        self.request, self.publication = request, view.snapshot.publication
        selection = [view.record, parameters.given(without=VIEW_ONLY), view.snapshot.digest]
        self.bound = [*selection, ordering]
        place = unsigned(parameters, "cursor", self.bound)
        parameters.done()

        backward = bool(place and place["back"])
        columns, descending = sort_keys(view.filterset_class, ordering)
        keys = _keys(queryset, columns, place) if place else None
        # Until something is redacted, a publication never changes and its counts are true. Numbers
        # may come again after a database was set up anew, digests do not.
        key = f"count:{_digest([*selection, view.snapshot.redaction])}"
        filtered = bool(selection[1])
        self.count = cache.get(key) if counted else None
        if counted and self.count is None and not filtered:
            self.count = (totals.known(view.snapshot) or {}).get(view.record)
        total: list[Any] = []
        if counted and self.count is None:
            whole = totals.whole(view.record, self.publication)
            total = [totals.counted(queryset) if filtered else whole]
        if total and ordering == RELEVANCE and not place:
            page = fetch_best(queryset, columns, size + 1)
        elif filtered or total:
            rows = _from(queryset, columns, keys, descending != backward)
            page = fetch_first(rows[: size + 1], [*total, *columns])
        else:
            # Crawlers and front pages: nothing is left to the ORM to find out each time.
            page = fetch_page(
                queryset.model, self.publication, columns, keys, descending != backward, size + 1
            )
        if total:
            # Behind a cursor there is always a record, so an empty page is an empty list.
            self.count = page[0][0] if page else 0
            cache.set(key, self.count, timeout=None)
            page = [row[1:] for row in page]
        more, page = len(page) > size, page[:size]
        if backward:
            page.reverse()
        ahead, behind = (bool(place), more) if backward else (more, bool(place))
        self.next = self._link(page[-1], back=False) if page and ahead else None
        self.previous = self._link(page[0], back=True) if page and behind else None
        return [body for *_, body in page]

    def get_paginated_response(self, data: list[bytes]) -> Response:
        head: dict[str, Any] = {} if self.count is None else {"count": self.count}
        head |= {
            "next": self.next,
            "previous": self.previous,
            "publication": self.publication,
            "permalink": address(self.request, self.publication, {}),
        }
        links = [
            f'<{url}>; rel="{rel}"'
            for rel, url in (("next", self.next), ("prev", self.previous))
            if url
        ]
        headers = {"Link": ", ".join(links)} if links else None
        results = b'"results":[' + b",".join(data) + b"]}"
        return Response(orjson.dumps(head)[:-1] + b"," + results, headers=headers)

    def _link(self, row: tuple[Any, ...], *, back: bool) -> str:
        keys = [str(key) for key in row[:-1]]
        cursor = signed(self.bound, {"keys": keys, "back": back})
        return address(self.request, self.publication, {"cursor": cursor})


def signed(bound: list[Any], place: Any) -> str:
    """A cursor: a place in the list that `bound` describes."""
    return _signer.sign_object({"of": _digest(bound), "place": place}, compress=True)


def unsigned(parameters: Parameters, name: str, bound: list[Any]) -> Any:
    """The place that a cursor says, if it was made for this very list; null without a cursor."""
    cursor = parameters.one(name)
    if cursor is None:
        return None
    try:
        content = _signer.unsign_object(cursor)
    except (BadSignature, ValueError):
        allowed = "a cursor out of `next` or `previous`, unchanged"
        parameters.wrong(name, cursor, "This is no cursor of ours.", allowed)
        return None
    if content["of"] != _digest(bound):
        allowed = "the whole address in `next` or `previous`"
        parameters.wrong(name, cursor, "The cursor belongs to another list.", allowed)
        return None
    return content["place"]


def address(request: Request, publication: int, extra: dict[str, str]) -> str:
    """The list that is asked for, as it stands at a publication; the same whenever replayed."""
    given = request.query_params.lists()
    replaced = {"as_of", *extra}
    query = sorted(
        (name, value) for name, values in given for value in values if name not in replaced
    )
    pinned = [*query, ("as_of", str(publication)), *extra.items()]
    return request.build_absolute_uri(f"{request.path}?{urlencode(pinned)}")


def ordered(
    rows: QuerySet[Any], filterset: type[RecordFilterSet], parameters: Parameters
) -> QuerySet[Any]:
    """All rows, in the order of the list."""
    columns, descending = sort_keys(filterset, chosen(filterset, parameters))
    return _from(rows, columns, None, descending)


class _RowAfter(Func):
    """`(keys, id) > (keys of the last row, its id)`: one range of the index."""

    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        compiled = [compiler.compile(item) for item in self.get_source_expressions()]
        sides = [", ".join(sql for sql, _ in side) for side in _halves(compiled)]
        params = [value for _, values in compiled for value in values]
        return f"({sides[0]}) {self.extra['operator']} ({sides[1]})", params


def _halves(items: list[Any]) -> tuple[list[Any], list[Any]]:
    middle = len(items) // 2
    return items[:middle], items[middle:]


def _keys(rows: QuerySet[Any], columns: list[str], place: dict[str, Any]) -> list[Any]:
    """The sort keys of the record at a place."""
    return [
        _field(rows, column).to_python(key)
        for column, key in zip(columns, place["keys"], strict=True)
    ]


def _from(
    rows: QuerySet[Any], columns: list[str], keys: list[Any] | None, descending: bool
) -> QuerySet[Any]:
    """The rows behind the one with these sort keys, in order."""
    if keys:
        operator = "<" if descending else ">"
        rows = rows.filter(_RowAfter(*map(F, columns), *map(Value, keys), operator=operator))
    sign = "-" if descending else ""
    return rows.order_by(*(f"{sign}{column}" for column in columns))


def _field(rows: QuerySet[Any], column: str) -> Any:
    """What reads a sort key back: the field of a column, of a generated one, of an annotation."""
    if column in rows.query.annotations:
        return rows.query.annotations[column].output_field
    field = rows.model._meta.get_field(column)
    return getattr(field, "output_field", field)


def _digest(what: list[Any]) -> str:
    canonical = orjson.dumps(what, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()[:32]
