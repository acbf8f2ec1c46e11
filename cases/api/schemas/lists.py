"""Shapes of answers that are no documents of their own, for the schema: what a list, a facet or a
change looks like."""

from functools import cache

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.exporting import columns
from cases.models import Statistic
from cases.publishing.serializers.documents import DOCUMENTS
from cases.publishing.serializers.fields import Shape
from cases.publishing.serializers.statistic import StatisticShape
from cases.vocabulary import RecordKind

FROM = "Number of the publication that the answer is read from."
PERMALINK = "This address pinned to the publication; it always answers with the same bytes."


class Answer(Shape):
    publication = serializers.IntegerField(min_value=0, help_text=FROM)
    permalink = serializers.URLField(help_text=PERMALINK)


class Counted(Answer):
    count = serializers.IntegerField(min_value=0, help_text="Number of all, on all pages.")


class Paged(Answer):
    """One page. Follow `next` until it is null: all pages show one state of the data."""

    count = serializers.IntegerField(
        min_value=0, required=False, help_text="Number of all; left out with `count=false`."
    )
    next = serializers.URLField(allow_null=True, help_text="The page behind; null = the last.")
    previous = serializers.URLField(allow_null=True, help_text="The page before; null = none.")


class Logged(Counted):
    """One page of the ledger, in the order it was written."""

    next = serializers.URLField(allow_null=True, help_text="The page behind; null = the last.")


@cache
def page_of(record: RecordKind) -> type[Shape]:
    return _list(f"{record.capitalize()}List", Paged, DOCUMENTS[record])


@cache
def table_of(record: RecordKind) -> type[Shape]:
    """A reference table as a whole."""
    return _list(f"{record.capitalize()}List", Counted, DOCUMENTS[record])


@cache
def row_of(answer: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The shape of each row of a list."""
    results = answer().fields["results"]
    assert isinstance(results, serializers.ListSerializer)
    assert isinstance(results.child, serializers.Serializer)
    return type(results.child)


def _list(name: str, head: type[Answer], row: type[serializers.Serializer]) -> type[Shape]:
    return type(name, (head,), {"__doc__": head.__doc__, "results": row(many=True)})


class Lengths(Shape):
    """Prison terms in months; null = there is none to count."""

    n = serializers.IntegerField(min_value=0, help_text="How many terms.")
    min = serializers.IntegerField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    max = serializers.IntegerField(allow_null=True)


NAME = {"$ref": "#/components/schemas/Multilingual"}
NULL = {"type": "null"}
PAIR = {"minItems": 2, "maxItems": 2}


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": ["string", "null"]}, **PAIR},
        ]
    }
)
class CodeField(serializers.JSONField):
    """A code; of a cross-table two, null = unknown."""


@extend_schema_field(
    {"oneOf": [NAME, {"type": "array", "items": {"oneOf": [NAME, NULL]}, **PAIR}, NULL]}
)
class LabelField(serializers.JSONField):
    """What a code means; of a cross-table for both. Null = it says all there is to say."""


class FacetValue(Shape):
    """How many records have a value, or in a cross-table two values together."""

    value = CodeField(help_text="A code; of a cross-table two, null = unknown.")
    label = LabelField(help_text="What it means; null where the value says it all.")  # type: ignore[assignment]
    count = serializers.IntegerField(min_value=1, help_text="Number of records.")
    sentence_months = Lengths(required=False)


class Facet(Shape):
    """The values of one field, or of two that are crossed, the most frequent first."""

    values = FacetValue(many=True)
    unknown = serializers.IntegerField(
        min_value=0, required=False, help_text="Records without a value; not in cross-tables."
    )
    unknown_sentence_months = Lengths(required=False)


class FacetAnswer(Counted):
    """How the selected records are distributed over the values of fields."""

    facets = serializers.DictField(child=Facet(), help_text="By what `by` asked for.")


class Figure(StatisticShape):
    """A published figure, short."""

    class Meta:
        model = Statistic
        fields = (
            *("id", "url", "measure", "counted", "unit", "country", "articles", "period"),
            *("value", "value_min", "value_max", "qualifier", "counted_by"),
        )


class OwnCount(Shape):
    """What this dataset counts under the definition of a figure."""

    count = serializers.IntegerField(
        min_value=0, help_text="Records dated in the period for certain."
    )
    undated = serializers.IntegerField(
        min_value=0,
        help_text="Further records that may belong: their date is not known, or not well enough.",
    )
    url = serializers.CharField(help_text="Path of the list that is counted.")


class Coverage(Shape):
    """A published figure beside what this dataset counts by the same definition."""

    statistic = Figure()
    ours = OwnCount(allow_null=True, help_text="Null where no record stands for what is measured.")


class CoverageList(Paged):
    """One page of figures. Follow `next` until it is null."""

    results = Coverage(many=True)


class Licence(Shape):
    """A licence."""

    name = serializers.CharField()
    url = serializers.URLField()


class Licences(Shape):
    """The licences of data and code."""

    data = Licence()  # type: ignore[assignment]
    code = Licence()


class CiteAs(Shape):
    """How to cite the dataset as it stands here."""

    title = serializers.CharField()
    publisher = serializers.CharField()
    publication = serializers.IntegerField(min_value=0, help_text=FROM)
    permalink = serializers.URLField(help_text=PERMALINK)
    text = serializers.CharField(help_text="All of it in one line.")


class Dataset(Shape):
    """The dataset: what it is, its state, its size and where everything is."""

    title = serializers.CharField()
    description = serializers.CharField()
    licence = Licences()
    citation = CiteAs()
    publication = serializers.IntegerField(min_value=0, help_text=FROM)
    published_at = serializers.DateTimeField(allow_null=True, help_text="Null = nothing yet.")
    digest = serializers.CharField(
        allow_null=True, help_text="Digest of the publication, SHA-256 as hex; null = none yet."
    )
    counts = serializers.DictField(child=serializers.IntegerField(min_value=0))
    links = serializers.DictField(child=serializers.URLField())


class Code(Shape):
    """One code of a closed vocabulary."""

    code = serializers.CharField()
    label = serializers.CharField(help_text="What it means.")  # type: ignore[assignment]


class CitationPlace(Shape):
    """Where the sources of a column stand in the document."""

    objects = serializers.CharField(help_text="Path of the objects; empty = the document itself.")
    field = serializers.CharField(help_text="The field that their citations name.")


@extend_schema_field({"type": "string", "enum": [kind.value for kind in columns.Type]})
class TypeField(serializers.CharField):
    """Type of a value."""


@extend_schema_field({"type": "string", "enum": [take.value for take in columns.Take]})
class TakeField(serializers.CharField):
    """How the values at a path become one cell."""


class Column(Shape):
    """One column of the flat files."""

    name = serializers.CharField()
    type = TypeField(help_text="Type of the values.")
    list = serializers.BooleanField(help_text="Whether a cell holds several values.")
    unit = serializers.CharField(allow_null=True, help_text="Null = it has none.")
    description = serializers.CharField()
    null = serializers.CharField(help_text="What an empty cell means.")
    path = serializers.CharField(help_text="Where the value stands in the document.")
    take = TakeField(help_text="How the values at the path become one cell.")
    vocabulary = Code(many=True, allow_null=True, help_text="The closed list of its codes.")
    codes = serializers.CharField(
        allow_null=True, help_text="Path of the list that explains its codes."
    )
    citations = CitationPlace(allow_null=True, help_text="Null = it states no fact of its own.")


class Table(Shape):
    """How one kind of record lies flat."""

    row = serializers.CharField(help_text="What one row is.")
    formats = serializers.ListField(child=serializers.CharField())
    columns = Column(many=True)


class Codebook(Shape):
    """What the columns of the files mean."""

    about = serializers.DictField(child=serializers.CharField())
    tables = serializers.DictField(child=Table())


class UsageWindow(Shape):
    """A quota of units in some time, which begins with the first request."""

    name = serializers.CharField(help_text="As in `RateLimit` and `RateLimit-Policy`.")
    seconds = serializers.IntegerField(min_value=1, help_text="Length of the window.")
    quota = serializers.IntegerField(min_value=1, help_text="Units that are allowed in it.")
    used = serializers.IntegerField(min_value=0)
    remaining = serializers.IntegerField(min_value=0)
    resets_in = serializers.FloatField(
        min_value=0, help_text="Seconds until it ends; all of them, if it has not begun."
    )


class Usage(Shape):
    """How much a client may ask for, and has."""

    plan = serializers.CharField(help_text="`anonymous`, or the plan of the key.")
    key = serializers.CharField(
        allow_null=True, help_text="The first letters of the key; null = none was sent."
    )
    windows = UsageWindow(many=True)
