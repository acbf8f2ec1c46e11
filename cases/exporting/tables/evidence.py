"""Sources and published figures as flat tables."""

from cases.exporting.columns import (
    EMPTY,
    NEVER,
    Table,
    Type,
    fact,
    fact_list,
    languages,
    partial_date,
    plain,
    plain_list,
)
from cases.exporting.tables.shared import ADDRESS, SOURCES, identity
from cases.vocabulary import (
    ExtentRead,
    Measure,
    Outcome,
    Procedure,
    Qualifier,
    RecordKind,
    SourceKind,
    Unit,
)

SOURCE_TABLE = Table(
    RecordKind.SOURCE,
    "sources",
    "One publication or document that says something. Sources are what the others cite, so they "
    "have no citations themselves.",
    (
        *identity("source", "SRC-0001"),
        plain("path", "Path of the record in the API.", null=NEVER),
        plain("publisher", "Who published it.", "publisher.id", codes="publishers", null=NEVER),
        *languages(plain, "publisher_name", "Name of the publisher.", "publisher.name"),
        plain("kind", "Kind of source.", vocabulary=SourceKind, null=NEVER),
        plain("title", "Title as printed.", null="not seen"),
        plain("title_language", "Language of the title, ISO 639.", null="no title"),
        plain("language", "Language of the source, ISO 639.", null=NEVER),
        plain("url", "Address on the web that was read.", null="not read on the web"),
        plain("original_url", "Where it first stood.", null="`url` is no copy, or not known"),
        plain("archive_url", "Archived copy.", null="none is known"),
        plain("sha256", "SHA-256 of the page as it was read.", unit="hex", null="not kept"),
        plain("captured", "When the page was kept.", type=Type.MOMENT, unit="UTC", null="not kept"),
        *partial_date("published", "Day of publication.", cited=False),
        plain("extent_read", "How much of it we saw.", vocabulary=ExtentRead, null=NEVER),
        plain(
            "parallel_of",
            "Another edition of the same dispatch, which is no independent source.",
            codes="sources",
            null="none",
        ),
        plain_list("cites", "Sources that it relies on.", "cites[]", codes="sources", null=EMPTY),
    ),
)

STATISTICS = Table(
    RecordKind.STATISTIC,
    "statistics",
    "One figure that somebody published. Rival figures have rows of their own; series of different "
    "counters must not be joined.",
    (
        *identity("statistic", "STAT-0001"),
        ADDRESS,
        fact("measure", "What is measured.", vocabulary=Measure, null=NEVER),
        *languages(fact, "counted", "What exactly was counted."),
        fact("unit", "Unit of the value.", vocabulary=Unit, null=NEVER),
        fact("country", "Country, ISO 3166-1.", codes="regions", null="several, or not stated"),
        fact_list("articles", "Articles counted.", "articles[].code", codes="articles"),
        *languages(
            plain_list, "article_names", "Titles of the articles.", "articles[].name", null=EMPTY
        ),
        fact("formation", "Formation counted.", "formation.id", codes="formations", null="any"),
        *languages(plain, "formation_name", "Name of the formation.", "formation.name"),
        plain_list(
            "formation_within",
            "All formations that it stands under.",
            "formation.within[]",
            codes="formations",
        ),
        fact("outcome", "Outcome counted.", vocabulary=Outcome, null="any"),
        fact("procedure", "Procedure counted.", vocabulary=Procedure, null="any"),
        *partial_date("period", "Time that the figure is about."),
        fact(
            "value",
            "The figure.",
            type=Type.INTEGER,
            unit="`unit`",
            null="a range or only words are printed",
        ),
        fact(
            "value_min",
            "Least of a range.",
            type=Type.INTEGER,
            unit="`unit`",
            null="no range is printed",
        ),
        fact(
            "value_max",
            "Most of a range.",
            type=Type.INTEGER,
            unit="`unit`",
            null="no range is printed",
        ),
        fact("qualifier", "How exact the figure is.", vocabulary=Qualifier, null=NEVER),
        *languages(fact, "counted_by", "Who counted."),
        *languages(fact, "remarks", "What a reader must know about the figure."),
        plain_list(
            "contradicts",
            "Figures that it contradicts.",
            "contradicts[].id",
            codes="statistics",
            null="never null; empty = none",
        ),
        plain_list(
            "derived_from",
            "Figures that it was made from.",
            "derived_from[].id",
            codes="statistics",
            null="never null; empty = none",
        ),
        *SOURCES,
        plain_list(
            "disputed",
            "Figures that contradict it.",
            "disputed[]",
            codes="statistics",
            null="never null; empty = none",
        ),
    ),
)
