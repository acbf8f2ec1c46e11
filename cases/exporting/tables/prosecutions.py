"""Cases, defendants and verdicts as flat tables."""

from cases.exporting.columns import (
    EMPTY,
    Table,
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
    plain_list,
)
from cases.exporting.tables.shared import (
    ADDRESS,
    CASE,
    COURT,
    DISPUTED,
    PERSON,
    RULING,
    SOURCES,
    formations,
    identity,
    of_case,
)
from cases.vocabulary import (
    Channel,
    Fate,
    LegalStatus,
    Outcome,
    PaymentKind,
    PaymentPer,
    Plea,
    RecordKind,
    SentenceKind,
    ServiceEnd,
)

# Imprisonment by rulings that stand: what averages of prison terms are made of.
TERM = "verdicts[standing][sentence_kind=imprisonment].sentence_months"

CASES = Table(
    RecordKind.CASE,
    "cases",
    "One prosecution in one country. People and rulings are condensed; the tables of defendants "
    "and verdicts have a row for each.",
    (
        *identity("case", "KZ-0001"),
        ADDRESS,
        *CASE,
        count("defendant_count", "Number of defendants.", "defendants[].id"),
        plain_list(
            "defendant_ids", "Ids of the defendants.", "defendants[].id", codes="defendants"
        ),
        fact_list(
            "defendant_names",
            "Names of the defendants in every spelling that was published.",
            "defendants[].names[].text",
        ),
        plain_list(
            "legal_statuses",
            "Where the defendants stand before the law.",
            "defendants[].legal_status.code",
            vocabulary=LegalStatus,
        ),
        fact_list(
            "citizenships",
            "Citizenships of the defendants, ISO 3166-1.",
            "defendants[].citizenships[]",
            codes="regions",
        ),
        fact_list(
            "residence_regions",
            "Regions where the defendants lived.",
            "defendants[].residence_region.code",
            codes="regions",
        ),
        fact_list(
            "pleas",
            "What the defendants told the court.",
            "defendants[].plea",
            vocabulary=Plea,
        ),
        *formations("defendants[].services[]"),
        count("verdict_count", "Number of rulings, of all instances.", "verdicts[].id"),
        plain_list("verdict_ids", "Ids of the rulings.", "verdicts[].id", codes="verdicts"),
        fact_list(
            "outcomes",
            "Outcomes of all rulings, also of those that no longer stand.",
            "verdicts[].outcome",
            vocabulary=Outcome,
        ),
        fact_list(
            "articles",
            "Articles applied in any ruling.",
            "verdicts[].articles[].code",
            codes="articles",
        ),
        fact_list(
            "sentence_kinds",
            "Kinds of sentence by rulings that stand.",
            "verdicts[standing].sentence_kind",
            vocabulary=SentenceKind,
        ),
        fact(
            "sentence_months_min",
            "Shortest imprisonment by a ruling that stands.",
            TERM,
            type=Type.INTEGER,
            take=Take.LEAST,
            unit="whole months",
            null="not reported, or no imprisonment",
        ),
        fact(
            "sentence_months_max",
            "Longest imprisonment by a ruling that stands.",
            TERM,
            type=Type.INTEGER,
            take=Take.GREATEST,
            unit="whole months",
            null="not reported, or no imprisonment",
        ),
        plain(
            "decided_earliest",
            "First day that any ruling may have been given on.",
            "verdicts[].date.earliest",
            type=Type.DAY,
            take=Take.LEAST,
            null="no day of a ruling is known",
        ),
        plain(
            "decided_latest",
            "Last day that any ruling may have been given on.",
            "verdicts[].date.latest",
            type=Type.DAY,
            take=Take.GREATEST,
            null="no day of a ruling is known",
        ),
        plain(
            "reported_earliest",
            "First day that any ruling may have become known on.",
            "verdicts[].reported.earliest",
            type=Type.DAY,
            take=Take.LEAST,
            null="not stated, as where the day of the ruling is known",
        ),
        plain(
            "reported_latest",
            "Last day that any ruling may have become known on.",
            "verdicts[].reported.latest",
            type=Type.DAY,
            take=Take.GREATEST,
            null="not stated, as where the day of the ruling is known",
        ),
        *SOURCES,
        DISPUTED,
    ),
    region="region.code",
)

SERVICE = (
    plain("id", "Id of the service.", null="no service is known"),
    fact("formation", "Formation served in.", "formation.id", codes="formations"),
    *languages(plain, "formation_name", "Name of the formation.", "formation.name"),
    *partial_date("contract_signed", "Day the contract was signed."),
    fact("contract_months", "Term of the contract.", type=Type.INTEGER, unit="whole months"),
    *partial_date("began", "Day the service began."),
    *partial_date("ended", "Day the service ended."),
    *languages(fact_list, "places", "Places of service.", items="[]", null=EMPTY),
    *languages(fact, "duties", "What the person did there."),
    *languages(fact, "training", "Training that was given."),
    *partial_date("wounded_on", "Day of a wound."),
    fact("end_reason", "How the service ended.", vocabulary=ServiceEnd),
    *partial_date("returned_on", "Day of the return."),
    *languages(fact, "remarks", "What a reader must know about the service."),
)
LAST_SERVICE = {"id", "formation", "contract_signed", "began", "ended", "end_reason", "returned_on"}

PAYMENTS = (
    count("payment_count", "Number of payments, promised or received.", "payments[].kind"),
    fact_items(
        "payment_kinds",
        "Whether each was promised or received.",
        "payments[].kind",
        vocabulary=PaymentKind,
    ),
    fact_items(
        "payment_amounts",
        "Amount of each; the least where a range is stated.",
        "payments[].amount",
        type=Type.NUMBER,
        unit="`payment_currencies`",
    ),
    fact_items(
        "payment_amounts_max",
        "Most of each, where a range is stated; else null.",
        "payments[].amount_max",
        type=Type.NUMBER,
        unit="`payment_currencies`",
    ),
    fact_items("payment_currencies", "Currency of each, ISO 4217.", "payments[].currency"),
    fact_items(
        "payment_per",
        "What each is for; null = not stated.",
        "payments[].per",
        vocabulary=PaymentPer,
    ),
    *languages(
        fact_items, "payment_remarks", "What is said about each.", "payments[].remark", null=EMPTY
    ),
)

RECRUITMENT = (
    *partial_date("date", "Day of recruitment."),
    *languages(fact, "place", "Place of recruitment."),
    fact("channel", "How the person was reached.", vocabulary=Channel),
    *languages(fact, "recruited_by", "Who recruited the person."),
    *languages(fact, "promises", "What was promised."),
    *languages(fact, "coercion", "Pressure that was reported."),
    fact("from_prison", "Whether the person was recruited in prison.", type=Type.BOOLEAN),
)

DEFENDANTS = Table(
    RecordKind.DEFENDANT,
    "defendants",
    "One accused person in one case; somebody tried twice has two rows.",
    (
        *identity("defendant", "KZ-0001-D1"),
        ADDRESS,
        *PERSON,
        *languages(fact, "occupation", "Occupation."),
        fact("fate", "What became of the person.", vocabulary=Fate),
        fact(
            "voluntary_surrender",
            "Whether the person gave themselves up.",
            type=Type.BOOLEAN,
        ),
        *partial_date("detained_on", "Day of detention."),
        *languages(fact, "detained_place", "Place of detention."),
        *placed(RECRUITMENT, "recruitment_", "recruitment"),
        *PAYMENTS,
        *languages(fact, "remarks", "What a reader must know about the data of the person."),
        count("service_count", "Number of times of service known.", "services[].id"),
        *formations("services[]"),
        *placed(SERVICE, "first_service_", "services[first]"),
        *placed(
            [column for column in SERVICE if column.path.split(".")[0] in LAST_SERVICE],
            "last_service_",
            "services[last]",
        ),
        count("verdict_count", "Number of rulings, of all instances.", "verdicts[].id"),
        plain_list("verdict_ids", "Ids of the rulings.", "verdicts[].id", codes="verdicts"),
        fact_list(
            "outcomes",
            "Outcomes of all rulings, also of those that no longer stand.",
            "verdicts[].outcome",
            vocabulary=Outcome,
        ),
        *placed(
            (plain("id", "Id of the ruling that stands.", null="none is known"), *COURT, *RULING),
            "verdict_",
            "verdicts[standing]",
        ),
        *of_case(),
        *SOURCES,
        DISPUTED,
    ),
    region="case.region.code",
)

VERDICTS = Table(
    RecordKind.VERDICT,
    "verdicts",
    "What one court decided for one defendant. Rulings of higher courts have rows of their own.",
    (
        *identity("verdict", "KZ-0001-V1"),
        ADDRESS,
        plain("defendant_id", "Id of the defendant.", "defendant.id", codes="defendants"),
        *COURT,
        *RULING,
        *placed(PERSON, "defendant_", "defendant"),
        *formations("defendant.services[]"),
        *of_case(),
        *SOURCES,
        DISPUTED,
    ),
    region="case.region.code",
)
