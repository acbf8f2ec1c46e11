"""Columns that several tables have."""

from cases.exporting.columns import (
    EMPTY,
    NEVER,
    Column,
    FileColumn,
    Take,
    Type,
    count,
    fact,
    fact_items,
    fact_list,
    languages,
    partial_date,
    placed,
    plain,
    plain_items,
    plain_list,
)
from cases.vocabulary import (
    CaseKind,
    CaseStatus,
    Conflict,
    CourtLevel,
    Instance,
    LegalStatus,
    NameKind,
    Outcome,
    Plea,
    Procedure,
    Script,
    SentenceKind,
    Sex,
    Standing,
)

DATASET_PUBLICATION = FileColumn(
    "dataset_publication",
    "publication",
    "Publication that the file is of, the same in each row: the one to cite.",
    type=Type.INTEGER,
    null=NEVER,
)


def identity(noun: str, example: str, key: str = "id") -> tuple[Column, ...]:
    return (
        plain(key, f"Id of the {noun}, such as {example}. It never changes.", null=NEVER),
        plain("version", "Version of the record.", type=Type.INTEGER, null=NEVER),
        plain(
            "version_publication",
            "Publication that brought this version, up to that of the file.",
            "publication",
            type=Type.INTEGER,
            null=NEVER,
        ),
        DATASET_PUBLICATION,
    )


ADDRESS = plain("url", "Path of the record in the API.", null=NEVER)

COURT = (
    fact("court", "Id of the court.", "court.id", codes="courts"),
    *languages(plain, "court_name", "Name of the court.", "court.name"),
    plain("court_level", "Level of the court.", "court.level", vocabulary=CourtLevel),
    plain("court_region", "Region where the court sits.", "court.region", codes="regions"),
)

# What the case is about and where it stands; no column depends on a defendant.
CASE = (
    fact("country", "Country that prosecutes, ISO 3166-1.", codes="regions", null=NEVER),
    fact("kind", "What the case is about.", vocabulary=CaseKind, null=NEVER),
    fact("conflict", "Which war.", vocabulary=Conflict, null=NEVER),
    fact("status", "Stage of the case.", vocabulary=CaseStatus, null=NEVER),
    fact("court_case_number", "Number that the court gave the case."),
    fact(
        "region",
        "Region of the court of first instance, ISO 3166-2.",
        "region.code",
        codes="regions",
    ),
    *languages(plain, "region_name", "Name of the region.", "region.name"),
    *COURT,
    fact_list("charges", "Articles charged.", "charges[].code", codes="articles"),
    *languages(plain_list, "charge_names", "Titles of the articles.", "charges[].name", null=EMPTY),
    *partial_date("opened", "Day the case was opened."),
    *partial_date("sent_to_court", "Day the case went to court."),
    fact("procedure", "Court procedure.", vocabulary=Procedure),
    *languages(fact, "summary", "What the case is, in our words."),
    *languages(fact, "remarks", "What a reader must know about the data of the case."),
)

LEGAL_STATUS = (
    plain(
        "legal_status",
        "Where the defendant stands before the law; derived from the rulings.",
        "legal_status.code",
        vocabulary=LegalStatus,
        null=NEVER,
    ),
    *languages(plain, "legal_status_label", "That in words.", "legal_status.label", null=NEVER),
)

# Who the defendant is.
PERSON = (
    *LEGAL_STATUS,
    fact(
        "name",
        "Name in the first spelling that is listed.",
        "names[first].text",
        null="not known, or withheld",
    ),
    fact_items("names", "Name in every spelling that was published.", "names[].text"),
    plain_items("name_languages", "Language of each spelling, BCP 47.", "names[].language"),
    plain_items("name_scripts", "Script of each.", "names[].script", vocabulary=Script),
    plain_items("name_kinds", "How each was printed.", "names[].kind", vocabulary=NameKind),
    plain("name_withheld", "Whether we withhold the name.", type=Type.BOOLEAN, null=NEVER),
    fact("sex", "Sex.", vocabulary=Sex),
    *partial_date("born", "Day of birth."),
    fact("age", "Age on `age_as_of`.", type=Type.INTEGER, unit="whole years"),
    *partial_date("age_as_of", "Day on which the age was true."),
    fact_list("citizenships", "Citizenships, ISO 3166-1.", "citizenships[]", codes="regions"),
    fact(
        "residence_region",
        "Region where the defendant lived, ISO 3166-2.",
        "residence_region.code",
        codes="regions",
    ),
    *languages(plain, "residence_region_name", "Name of that region.", "residence_region.name"),
    *languages(fact, "residence_place", "Place where the defendant lived."),
    fact("plea", "What the defendant told the court.", vocabulary=Plea),
)

RULING = (
    fact("instance", "Instance of the court.", vocabulary=Instance),
    *partial_date("date", "Day of the ruling."),
    *partial_date("reported", "Day on which it became known, where no day is printed."),
    fact("outcome", "What the court decided.", vocabulary=Outcome),
    fact_list("articles", "Articles applied.", "articles[].code", codes="articles"),
    *languages(
        plain_list, "article_names", "Titles of the articles.", "articles[].name", null=EMPTY
    ),
    fact(
        "sentence_months",
        "Length of the sentence, of the kind in `sentence_kind`.",
        type=Type.INTEGER,
        unit="whole months",
        null="not reported, or no sentence with a length",
    ),
    fact(
        "sentence_days",
        "Days on top of the months.",
        type=Type.INTEGER,
        unit="days",
        null="none reported",
    ),
    fact(
        "sentence_kind",
        "Kind of sentence. Only imprisonment enters averages of prison terms.",
        vocabulary=SentenceKind,
        null="not reported, or no sentence",
    ),
    fact(
        "probation_months",
        "Probation that goes with the sentence.",
        type=Type.INTEGER,
        unit="whole months",
        null="none reported",
    ),
    fact("confiscation", "Whether property was confiscated.", type=Type.BOOLEAN),
    fact(
        "changes",
        "Id of the ruling that this one upholds, changes or annuls.",
        null="reviews none, or one not known",
    ),
    plain(
        "standing", "What later rulings left of this one.", vocabulary=Standing, null="no ruling"
    ),
    *languages(fact, "remarks", "What a reader must know about the ruling."),
)

# Sources of the whole record, and where they differ.
SOURCES = (
    count("source_count", "Number of sources cited.", "sources[cited=true].id"),
    plain_list("source_ids", "Sources cited.", "sources[cited=true].id", codes="sources"),
    plain_list(
        "publishers",
        "Publishers of the sources cited.",
        "sources[cited=true].publisher.id",
        codes="publishers",
    ),
    plain(
        "has_court_document",
        "Whether a court document is cited.",
        "sources[cited=true][kind=court_document].id",
        type=Type.BOOLEAN,
        take=Take.EXISTS,
        null=NEVER,
    ),
)

DISPUTED = plain_list(
    "disputed",
    "Places in the JSON document on which sources differ, as JSON pointers.",
    "disputed[]",
    null="never null; empty = the sources agree",
)


def formations(at: str) -> tuple[Column, ...]:
    """Armed formations of all service, in a record where the services stand at a path."""
    unit = f"{at}.formation"
    return (
        fact_list("formations", "Formations served in.", f"{unit}.id", codes="formations"),
        *(
            plain_list(column.name, column.description, column.path)
            for column in languages(
                plain, "formation_names", "Names of the formations.", f"{unit}.name"
            )
        ),
        plain_list(
            "formations_within",
            "All formations that those stand under.",
            f"{unit}.within[]",
            codes="formations",
            null=EMPTY,
        ),
    )


def of_case() -> tuple[Column, ...]:
    """The case, in a record that belongs to one."""
    return (
        plain("case_id", "Id of the case.", "case.id", codes="cases", null=NEVER),
        *placed(CASE, "case_", "case"),
    )
