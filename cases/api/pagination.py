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

from cases.api.filtering import RecordFilterSet
from cases.api.parameters import Parameters

# What does not change which records are selected, so cursors and counts hold across it.
VIEW_ONLY = {"cursor", "page_size", "count", "as_of", "ordering", "format"}

# Without a time stamp, unlike `signing.dumps`: the same page has the same bytes whenever it is
# asked for.
_signer = Signer(salt="cases.api.cursor")


class KeysetPagination(BasePagination):
    """`{"count","next","previous","publication","permalink","results"}`, results as bytes."""

    page_size = 25
    max_page_size = 200

    @classmethod
    def describe(cls, orderings: list[str], default: str) -> dict[str, dict[str, Any]]:
        """The parameters of paging."""
        order = f"Order of the list; {default} if not given. What is unknown comes last."
        form = f"a whole number from 1 to {cls.max_page_size}"
        return {
            "ordering": {"description": order, "allowed": orderings},
            "page_size": {
                "description": f"Records a page; {cls.page_size} by default.",
                "type": form,
            },
            "cursor": {"description": "Place in the list, from `next`.", "type": "a cursor"},
            "count": {"description": "false leaves the count out.", "allowed": ["true", "false"]},
        }

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The bodies of one page. One query; one more for the count unless it is known."""
        parameters: Parameters = view.parameters
        ordering, column, descending = chosen_order(view.filterset_class, parameters)
        size = parameters.integer("page_size", 1, self.max_page_size) or self.page_size
        counted = parameters.boolean("count") is not False
        self.request, self.publication = request, view.state.publication
        selection = [view.record, parameters.given(without=VIEW_ONLY), view.state.digest]
        self.bound = [*selection, ordering]
        place = unsigned(parameters, "cursor", self.bound)
        parameters.done()

        self.count = _count(queryset, selection) if counted else None
        backward = bool(place and place["back"])
        rows = _from(queryset, column, place, descending != backward)
        page = list(rows.values_list(column, "public_id", "body")[: size + 1])
        more, page = len(page) > size, page[:size]
        if backward:
            page.reverse()
        ahead, behind = (bool(place), more) if backward else (more, bool(place))
        self.next = self._link(page[-1], back=False) if page and ahead else None
        self.previous = self._link(page[0], back=True) if page and behind else None
        return [body for _, _, body in page]

    def get_paginated_response(self, data: list[str]) -> Response:
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
        results = b'"results":[' + ",".join(data).encode() + b"]}"
        return Response(orjson.dumps(head)[:-1] + b"," + results, headers=headers)

    def _link(self, row: tuple[Any, str, str], *, back: bool) -> str:
        cursor = signed(self.bound, {"key": str(row[0]), "id": row[1], "back": back})
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


def chosen_order(filterset: type[RecordFilterSet], parameters: Parameters) -> tuple[str, str, bool]:
    """The ordering that is asked for, its column, and whether it descends."""
    allowed = [f"{sign}{name}" for name in filterset.orderings for sign in ("", "-")]
    ordering = parameters.choice("ordering", allowed) or filterset.default_ordering
    descending = ordering.startswith("-")
    return ordering, filterset.orderings[ordering.removeprefix("-")][descending], descending


def ordered(
    rows: QuerySet[Any], filterset: type[RecordFilterSet], parameters: Parameters
) -> QuerySet[Any]:
    """All rows, in the order of the list."""
    _, column, descending = chosen_order(filterset, parameters)
    return _from(rows, column, None, descending)


class _RowAfter(Func):
    """`(key, id) > (key of the last row, its id)`: one range of the index."""

    output_field = BooleanField()
    template = "(%(expressions)s)"

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        compiled = [compiler.compile(item) for item in self.get_source_expressions()]
        (key, first), (pk, second), (last_key, third), (last_pk, fourth) = compiled
        sql = f"({key}, {pk}) {self.extra['operator']} ({last_key}, {last_pk})"
        return sql, (*first, *second, *third, *fourth)


def _from(
    rows: QuerySet[Any], column: str, place: dict[str, Any] | None, descending: bool
) -> QuerySet[Any]:
    """The rows behind a place, in order."""
    if place:
        field = rows.model._meta.get_field(column)
        key = getattr(field, "output_field", field).to_python(place["key"])
        after = _RowAfter(
            F(column),
            F("public_id"),
            Value(key),
            Value(place["id"]),
            operator="<" if descending else ">",
        )
        rows = rows.filter(after)
    sign = "-" if descending else ""
    return rows.order_by(f"{sign}{column}", f"{sign}public_id")


def _count(queryset: QuerySet[Any], selection: list[Any]) -> int:
    # A publication never changes, so its counts are true for ever. Numbers may come again after a
    # database was set up anew, digests do not.
    key = f"count:{_digest(selection)}"
    count: int | None = cache.get(key)
    if count is None:
        count = queryset.count()
        cache.set(key, count, timeout=None)
    return count


def _digest(what: list[Any]) -> str:
    canonical = orjson.dumps(what, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()[:32]
