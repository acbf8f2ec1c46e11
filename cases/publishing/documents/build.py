"""Documents: each published record as one JSON object, complete with its sources.

A document holds everything a reader needs: references are embedded by code and name, sources are
listed once with the chain they stand on, and `disputed` points (RFC 6901) at each value on which
sources differ; of a statistic it also holds the ids of those that contradict it.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import orjson
from django.db.models import Model, QuerySet

from cases.models import (
    Article,
    Case,
    Court,
    Formation,
    Publisher,
    Region,
    Source,
    Statistic,
    published,
)
from cases.publishing import bounds
from cases.publishing.documents.embedding import Embedded, embeds
from cases.publishing.documents.record_refs import Selection, ids_of
from cases.publishing.serializers.case import CaseShape, DefendantShape, VerdictShape
from cases.publishing.serializers.fields import numbered
from cases.publishing.serializers.reference import (
    ArticleShape,
    CourtShape,
    FormationShape,
    PublisherShape,
    RegionShape,
)
from cases.publishing.serializers.source import SourceReference, SourceShape
from cases.publishing.serializers.statistic import StatisticShape
from cases.vocabulary import Rank, RecordKind

Json = dict[str, Any]

T = TypeVar("T")

CHUNK = 500  # rows rendered at a time, so that memory does not grow with the data

REFERENCE: dict[RecordKind, tuple[type[Model], type]] = {
    RecordKind.PUBLISHER: (Publisher, PublisherShape),
    RecordKind.REGION: (Region, RegionShape),
    RecordKind.COURT: (Court, CourtShape),
    RecordKind.FORMATION: (Formation, FormationShape),
    RecordKind.ARTICLE: (Article, ArticleShape),
}


class Document(NamedTuple):
    """One record as it would be published, still without version and publication.

    row: the row of the working copy that it was made from.
    """

    record: RecordKind
    public_id: str
    content: Json
    row: Model


class Sources:
    """The form in which sources stand in other documents, fetched when first needed and kept.

    Drafts are left out: they are not public, and the rules refuse records that cite them.
    selected: what is being published; other sources stand as they are published, whatever an
    editor has made of them since. Null = everything is being published.
    """

    def __init__(self, selected: Selection | None = None, known: Iterable[Json] = ()) -> None:
        self._selected = selected
        self._known: dict[str, Json | None] = {source["id"]: source for source in known}
        self._reference = SourceReference()

    def fetch(self, ids: Iterable[str]) -> None:
        """Makes sure that sources and all they rely on are known; a few queries a level."""
        missing = set(ids) - self._known.keys()
        while missing:
            self._known.update(dict.fromkeys(missing))
            settled = self._as_published(missing)
            self._known.update(settled)
            found = Source.objects.filter(pk__in=missing - settled.keys(), draft=False)
            for source in found.select_related("publisher").prefetch_related("cites"):
                self._known[source.pk] = self._reference.to_representation(source)
            cited = (known["cites"] for pk in missing if (known := self._known[pk]))
            missing = {pk for ids in cited for pk in ids} - self._known.keys()

    def _as_published(self, ids: set[str]) -> dict[str, Json | None]:
        if self._selected is None:
            return {}
        others = ids - ids_of(self._selected, RecordKind.SOURCE)
        rows = published(RecordKind.SOURCE).current().filter(public_id__in=others)
        return {
            public_id: {key: orjson.loads(body)[key] for key in SourceReference.Meta.fields}
            for public_id, body in rows.values_list("public_id", "body")
        }

    def chain(self, cited: set[str]) -> list[Json]:
        """The cited sources and all that stand behind them, cited ones first, each once."""
        self.fetch(cited)
        behind: set[str] = set()
        level = cited
        while level:
            level = {
                pk for source in map(self._known.get, level) if source for pk in source["cites"]
            }
            level -= cited | behind
            behind |= level
        return [
            source | {"cited": pk in cited}
            for pk in (*sorted(cited), *sorted(behind))
            if (source := self._known.get(pk))
        ]


class Shapes:
    """Serializers, each made once: REST framework builds the fields of a new one for each row."""

    def __init__(self, context: Json) -> None:
        self._context = context
        self._made: dict[type, Any] = {}

    def render(self, shape: type, row: Model) -> Json:
        if shape not in self._made:
            self._made[shape] = shape(context=self._context)
        return dict(self._made[shape].to_representation(row))


def documents(selected: Selection | None = None) -> Iterator[Document]:
    """Records of the working copy that are no draft, rendered; constant memory.

    selected: only these, a case with its defendants and verdicts; what else they embed then
    stands as it is published. Null = every record.
    """
    shapes = Shapes(
        {
            "formations": dict(Formation.objects.values_list("pk", "parent")),
            "drafts": set(Source.objects.filter(draft=True).values_list("pk", flat=True)),
        }
    )
    found = _documents(selected, Sources(selected), shapes)
    if selected is None:
        yield from found
        return
    embedded = Embedded(selected)
    for chunk in chunks(found):
        embedded.fetch(
            set().union(*(embeds(document.content, document.record) for document in chunk))
        )
        for document in chunk:
            yield document._replace(content=embedded.placed(document.content))


def _documents(selected: Selection | None, sources: Sources, shapes: Shapes) -> Iterator[Document]:
    for record, (model, shape) in REFERENCE.items():
        for row in _rows(_reference(model), record, selected):
            yield Document(record, row.pk, shapes.render(shape, row), row)
    for row in _rows(_sources(), RecordKind.SOURCE, selected):
        yield Document(RecordKind.SOURCE, row.pk, shapes.render(SourceShape, row), row)
    for row in _rows(_statistics(), RecordKind.STATISTIC, selected):
        yield Document(RecordKind.STATISTIC, row.pk, _statistic(row, sources, shapes), row)
    for row in _rows(_cases(), RecordKind.CASE, selected):
        yield from prosecution(row, sources, shapes)


def prosecution(case: Case, sources: Sources, shapes: Shapes) -> Iterator[Document]:
    """The documents of one case: its own, then one a defendant, then one a verdict."""
    about_case = shapes.render(CaseShape, case)
    rows = numbered(case.defendants.all()), numbered(case.verdicts.all())
    defendants = [shapes.render(DefendantShape, row) for row in rows[0]]
    verdicts = [shapes.render(VerdictShape, row) for row in rows[1]]
    content = about_case | {"defendants": defendants, "verdicts": verdicts}
    yield Document(RecordKind.CASE, case.pk, sourced(content, sources), case)
    for row, defendant in zip(rows[0], defendants, strict=True):
        own = [verdict for verdict in verdicts if verdict["defendant"] == row.pk]
        content = defendant | {"verdicts": own, "case": about_case}
        yield Document(RecordKind.DEFENDANT, row.pk, sourced(content, sources), row)
    by_pk = {defendant["id"]: defendant for defendant in defendants}
    for row, verdict in zip(rows[1], verdicts, strict=True):
        content = verdict | {"defendant": by_pk.get(row.defendant_id), "case": about_case}
        yield Document(RecordKind.VERDICT, row.pk, sourced(content, sources), row)


def citing_objects(value: Any, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Each object in a document that carries citations, with the JSON pointer to it."""
    if isinstance(value, dict):
        if "citations" in value:
            yield pointer, value
        for key, part in value.items():
            yield from citing_objects(part, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from citing_objects(part, f"{pointer}/{index}")


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of at most `CHUNK`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _statistic(statistic: Statistic, sources: Sources, shapes: Shapes) -> Json:
    content = sourced(shapes.render(StatisticShape, statistic), sources)
    # A rival figure is a dispute of the whole record, so it is named by its id.
    rivals = [rival["id"] for rival in content["contradicts"]]
    return content | {"disputed": rivals + content["disputed"]}


def sourced(content: Json, sources: Sources) -> Json:
    """The content with its sources and the pointers to what they dispute."""
    cited: set[str] = set()
    disputed: list[str] = []
    for pointer, citing in citing_objects(content):
        differing: set[str] = set()
        for citation in citing["citations"]:
            cited.add(citation["source"])
            if citation["rank"] != Rank.DEPRECATED and not bounds.rounds(
                citing, citation["values"]
            ):
                differing |= citation["values"].keys()
        disputed += [f"{pointer}/{field}" for field in citing if field in differing]
    return content | {"sources": sources.chain(cited), "disputed": disputed}


def _rows(rows: QuerySet[Any], kind: RecordKind, selected: Selection | None) -> Iterator[Any]:
    if selected is not None:
        ids = ids_of(selected, kind)
        if not ids:
            return
        rows = rows.filter(pk__in=ids)
    yield from rows.order_by("pk").iterator(chunk_size=CHUNK)


def _reference(model: type[Model]) -> QuerySet[Any]:
    rows = model._default_manager.all()
    if model is Court:
        rows = rows.select_related("region")
    return rows if model is Publisher else rows.prefetch_related("sources")


def _sources() -> QuerySet[Source]:
    rows = Source.objects.filter(draft=False).select_related("publisher", "parallel_of")
    return rows.prefetch_related("cites")


def _statistics() -> QuerySet[Statistic]:
    return (
        Statistic.objects.filter(draft=False)
        .select_related("formation")
        .prefetch_related("articles", "citations", "contradicts", "derived_from")
    )


def _cases() -> QuerySet[Case]:
    return (
        Case.objects.filter(draft=False)
        .select_related("region", "court__region")
        .prefetch_related(
            "charges",
            "citations",
            "defendants__names",
            "defendants__payments",
            "defendants__citizenships",
            "defendants__residence_region",
            "defendants__citations",
            "defendants__verdicts",
            "defendants__services__formation",
            "defendants__services__citations",
            "verdicts__court__region",
            "verdicts__articles",
            "verdicts__changed_by",
            "verdicts__citations",
        )
    )
