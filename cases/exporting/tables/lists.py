"""Lists that are no records, as flat tables: changes and facets."""

from cases.exporting.columns import (
    EMPTY,
    NEVER,
    Table,
    Type,
    languages,
    plain,
    plain_items,
)
from cases.exporting.tables.shared import DATASET_PUBLICATION
from cases.vocabulary import Operation, RecordKind

CHANGES = Table(
    None,
    "changes",
    "What one publication did to one record.",
    (
        plain(
            "change_publication",
            "Publication that made the change.",
            "publication",
            type=Type.INTEGER,
            null=NEVER,
        ),
        DATASET_PUBLICATION,
        plain("published_at", "When it was published.", type=Type.MOMENT, null=NEVER),
        plain("op", "What was done.", vocabulary=Operation, null=NEVER),
        plain("record", "Kind of the record.", vocabulary=RecordKind, null=NEVER),
        plain("id", "Id or code of the record.", null=NEVER),
        plain("case", "Id of the case of a defendant or verdict.", codes="cases", null="neither"),
        plain("version", "Version that was brought or ended.", type=Type.INTEGER, null=NEVER),
        plain(
            "significant",
            "Whether a fact of the record changed, and not only what its document quotes.",
            type=Type.BOOLEAN,
            null=NEVER,
        ),
        plain("into", "Of a merge: the id that survives.", null="no merge"),
        *(
            plain_items(f"changed_{name}", description, f"changed[].{path}", null=null)
            for name, path, description, null in (
                (
                    "paths",
                    "path",
                    "Places in the document whose values a correction changed.",
                    EMPTY,
                ),
                ("from", "from", "The value before, of each.", f"{EMPTY}; of an item: none stated"),
                ("to", "to", "The value after, of each.", f"{EMPTY}; of an item: none stated"),
            )
        ),
        plain("note", "The editors' public reason.", null="none was given"),
        plain("url", "Path of the document.", null="it brought none"),
    ),
)

FACETS = Table(
    None,
    "facets",
    "One value of a facet, or in a cross-table two values together, with the number of records.",
    (
        plain("facet", "Field, or two with a comma between them, as in `by`.", null=NEVER),
        plain("value", "Value of the first field.", "first.value", null="not known"),
        *languages(plain, "label", "What it means.", "first.label"),
        plain(
            "crossed_value", "Value of the second field.", "second.value", null="not known, or none"
        ),
        *languages(plain, "crossed_label", "What it means.", "second.label"),
        plain("count", "Number of records.", type=Type.INTEGER, unit="records", null=NEVER),
        *(
            plain(
                f"sentence_months_{name}",
                description,
                f"sentence_months.{name}",
                type=kind,
                unit=unit,
                null="not asked for by `measure`, or no term",
            )
            for name, kind, unit, description in (
                ("n", Type.INTEGER, "terms", "Number of terms in force."),
                ("min", Type.INTEGER, "months", "Shortest term."),
                ("median", Type.NUMBER, "months", "Median of the terms."),
                ("mean", Type.NUMBER, "months", "Mean of the terms."),
                ("max", Type.INTEGER, "months", "Longest term."),
            )
        ),
        DATASET_PUBLICATION,
    ),
)
