"""What records point to by code, as flat tables."""

from cases.exporting.columns import (
    EMPTY,
    NEVER,
    Column,
    Table,
    Type,
    languages,
    partial_date,
    plain,
    plain_items,
    plain_list,
)
from cases.exporting.tables.shared import identity
from cases.vocabulary import (
    Confiscation,
    CourtLevel,
    FormationKind,
    PublisherKind,
    RecordKind,
    RegionKind,
)

NAME = languages(plain, "name", "Name.")
ALIASES = plain_list("aliases", "Other names and spellings.", "aliases[]", null=EMPTY)
SOURCES = plain_list("sources", "Sources for the row.", "sources[]", codes="sources")


def within(codes: str) -> Column:
    what = "All that it stands under, nearest first."
    return plain_list("within", what, "within[]", codes=codes, null="never null; empty = none")


REGIONS = Table(
    RecordKind.REGION,
    "regions",
    "A country (ISO 3166-1) or one of its regions (ISO 3166-2).",
    (
        *identity("region", "KZ-59", "code"),
        plain("kind", "Kind of region.", vocabulary=RegionKind, null=NEVER),
        *NAME,
        plain("parent", "What it lies in.", codes="regions", null="a country"),
        plain("kato", "Code in the classifier of Kazakhstan.", null="not known, or elsewhere"),
        plain(
            "latitude",
            "Centroid, for maps only.",
            "centroid.latitude",
            type=Type.NUMBER,
            unit="degrees, WGS 84",
        ),
        plain(
            "longitude",
            "Centroid, for maps only.",
            "centroid.longitude",
            type=Type.NUMBER,
            unit="degrees, WGS 84",
        ),
        ALIASES,
        SOURCES,
    ),
)

COURTS = Table(
    RecordKind.COURT,
    "courts",
    "A court.",
    (
        *identity("court", "kz-kyzylzhar-district-court"),
        *NAME,
        plain("level", "Level of the court.", vocabulary=CourtLevel),
        plain("region", "Where it sits.", "region.code", codes="regions", null=NEVER),
        *languages(plain, "region_name", "Name of that region.", "region.name"),
        *languages(plain, "place", "Settlement where it sits."),
        ALIASES,
        SOURCES,
    ),
)

FORMATIONS = Table(
    RecordKind.FORMATION,
    "formations",
    "An armed formation. Units stand under armies and ministries.",
    (
        *identity("formation", "ru-mod"),
        *NAME,
        plain("kind", "Kind of formation.", vocabulary=FormationKind, null=NEVER),
        plain("parent", "What it stands under.", codes="formations", null="nothing known"),
        within("formations"),
        *partial_date("active", "When it existed.", cited=False),
        ALIASES,
        SOURCES,
    ),
)

ARTICLES = Table(
    RecordKind.ARTICLE,
    "articles",
    "An article of a criminal code, or a part of one.",
    (
        *identity("article", "KZ-172", "code"),
        plain("url", "Address of the law on the web.", null="none is known"),
        plain("country", "Country, ISO 3166-1.", codes="regions", null=NEVER),
        *languages(plain, "law", "Law that it stands in."),
        plain("number", "Number of the article.", null=NEVER),
        plain("part", "Number of the part.", null="the whole article"),
        plain("parent", "Article that it is a part of.", codes="articles", null="no part"),
        *languages(plain, "name", "Title."),
        *languages(plain, "conduct", "What it forbids, in our words."),
        *(
            plain(name, what, f"penalty.{name}", type=Type.INTEGER, unit="whole months", null=null)
            for name, what, null in (
                ("min_months", "Least imprisonment.", "not known, or no imprisonment"),
                ("max_months", "Most imprisonment.", "not known, or no imprisonment"),
            )
        ),
        plain("life", "Whether it allows life imprisonment.", "penalty.life", type=Type.BOOLEAN),
        plain("death", "Whether it allows death.", "penalty.death", type=Type.BOOLEAN),
        plain(
            "confiscation",
            "Confiscation of property.",
            "penalty.confiscation",
            vocabulary=Confiscation,
        ),
        *languages(plain, "other_penalty", "Other penalties.", "penalty.other"),
        *(
            column
            for part, what in (
                ("claim", "What sources state otherwise about the penalty."),
                ("remark", "How each of these relates to the article."),
            )
            for column in languages(
                plain_items, f"variant_{part}s", what, f"variants[].{part}", null=EMPTY
            )
        ),
        plain_list("variant_sources", "Who states it.", "variants[].sources[]", codes="sources"),
        *partial_date("in_force_from", "First day in force.", cited=False),
        *partial_date("in_force_until", "Last day in force.", cited=False),
        SOURCES,
    ),
)

PUBLISHERS = Table(
    RecordKind.PUBLISHER,
    "publishers",
    "Who stands behind a source.",
    (
        *identity("publisher", "mediazona"),
        *NAME,
        plain("kind", "Kind of publisher.", vocabulary=PublisherKind, null=NEVER),
        plain("website", "Address on the web.", null="none is known"),
    ),
)
