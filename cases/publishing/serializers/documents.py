"""Serializers of whole documents, as they are served. `cases.publishing.documents` builds documents
with them, and everything that describes documents or selects from them reads them."""

from rest_framework import serializers

from cases.models import (
    Article,
    Case,
    Court,
    Defendant,
    Formation,
    Publisher,
    Region,
    Source,
    Statistic,
    Verdict,
)
from cases.publishing.serializers.case import CaseShape, DefendantShape, VerdictShape
from cases.publishing.serializers.reference import (
    ArticleShape,
    CourtShape,
    FormationShape,
    PublisherShape,
    RegionShape,
)
from cases.publishing.serializers.source import SourceReference, SourceShape
from cases.publishing.serializers.statistic import StatisticShape
from cases.vocabulary import RecordKind

STATE = ("version", "publication")
SOURCED = ("sources", "disputed")


class CitedSource(SourceReference):
    """A source of the document. `cited`: whether it is cited in it; if not, it stands behind a
    source that is."""

    cited = serializers.BooleanField()

    class Meta:
        model = Source
        fields = (*SourceReference.Meta.fields, "cited")


class Document(serializers.Serializer):
    """version: of this record, from 1. publication: the one that brought this version."""

    version = serializers.IntegerField(min_value=1, help_text="Version of the record, from 1.")
    publication = serializers.IntegerField(
        min_value=1, help_text="Number of the publication that brought this version."
    )


class SourcedDocument(Document):
    sources = CitedSource(
        many=True, help_text="What is cited, and behind that all that those sources rely on."
    )
    disputed = serializers.ListField(
        child=serializers.CharField(),
        help_text="JSON pointers (RFC 6901) to each value on which sources differ.",
    )


class CaseDocument(SourcedDocument, CaseShape):
    """One prosecution in one country, with its defendants and the rulings about them."""

    defendants = DefendantShape(many=True)
    verdicts = VerdictShape(many=True)

    class Meta:
        model = Case
        fields = (*STATE, *CaseShape.Meta.fields, "defendants", "verdicts", *SOURCED)


class DefendantDocument(SourcedDocument, DefendantShape):
    """One accused person in one case, with the rulings about that person."""

    verdicts = VerdictShape(many=True)
    case = CaseShape()

    class Meta:
        model = Defendant
        fields = (*STATE, *DefendantShape.Meta.fields, "verdicts", "case", *SOURCED)


class VerdictDocument(SourcedDocument, VerdictShape):
    """What one court decided for one defendant, with the defendant and the case."""

    defendant = DefendantShape()  # type: ignore[assignment]
    case = CaseShape()

    class Meta:
        model = Verdict
        fields = (*STATE, *VerdictShape.Meta.fields, "case", *SOURCED)


class StatisticDocument(SourcedDocument, StatisticShape):
    """One figure that somebody published. Rival figures stay side by side."""

    disputed = serializers.ListField(
        child=serializers.CharField(), help_text="Ids of the figures that contradict it."
    )

    class Meta:
        model = Statistic
        fields = (*STATE, *StatisticShape.Meta.fields, *SOURCED)


class SourceDocument(Document, SourceShape):
    """One publication or document that says something. `url` is its address on the web."""

    class Meta:
        model = Source
        fields = (*STATE, *SourceShape.Meta.fields)


class RegionDocument(Document, RegionShape):
    """A country (ISO 3166-1) or one of its regions (ISO 3166-2)."""

    class Meta:
        model = Region
        fields = (*STATE, *RegionShape.Meta.fields)


class CourtDocument(Document, CourtShape):
    """A court."""

    class Meta:
        model = Court
        fields = (*STATE, *CourtShape.Meta.fields)


class FormationDocument(Document, FormationShape):
    """An armed formation, in a tree of formations."""

    class Meta:
        model = Formation
        fields = (*STATE, *FormationShape.Meta.fields)


class ArticleDocument(Document, ArticleShape):
    """An article of a criminal code, or a part of one."""

    class Meta:
        model = Article
        fields = (*STATE, *ArticleShape.Meta.fields)


class PublisherDocument(Document, PublisherShape):
    """Who stands behind a source."""

    class Meta:
        model = Publisher
        fields = (*STATE, *PublisherShape.Meta.fields)


DOCUMENTS: dict[RecordKind, type[Document]] = {
    RecordKind.CASE: CaseDocument,
    RecordKind.DEFENDANT: DefendantDocument,
    RecordKind.VERDICT: VerdictDocument,
    RecordKind.SOURCE: SourceDocument,
    RecordKind.STATISTIC: StatisticDocument,
    RecordKind.REGION: RegionDocument,
    RecordKind.COURT: CourtDocument,
    RecordKind.FORMATION: FormationDocument,
    RecordKind.ARTICLE: ArticleDocument,
    RecordKind.PUBLISHER: PublisherDocument,
}
