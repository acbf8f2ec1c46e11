"""Closed vocabularies: every code that a record may carry, with its English label.

The codes are part of the public contract; labels are for people. Nothing of ours is imported
here, so that any layer may use it.
"""

from django.db.models import TextChoices


class CaseKind(TextChoices):
    PARTICIPATION = "participation", "taking part in the war"
    RECRUITMENT = "recruitment", "recruiting others for it"
    ATTEMPT = "attempt", "an attempt to join"


class Conflict(TextChoices):
    DONBAS = "2014-2021", "war in Donbas, 2014 to 2021"
    FULL_SCALE = "2022-", "full-scale war, since 24 February 2022"


class CaseStatus(TextChoices):
    INVESTIGATION = "investigation", "under investigation"
    TRIAL = "trial", "before a court"
    DECIDED = "decided", "decided; not known whether the verdict is final"
    APPEAL = "appeal", "under appeal"
    FINAL = "final", "final"
    TERMINATED = "terminated", "closed without a decision on the merits"


class Procedure(TextChoices):
    SIMPLIFIED = "simplified", "simplified procedure"
    ORDINARY = "ordinary", "ordinary procedure"


class Plea(TextChoices):
    """What the defendant told the court; worded without guilt, as no plea is a finding."""

    ADMITTED = "admitted", "admitted the charge"
    PARTLY_ADMITTED = "partly_admitted", "admitted it in part"
    MIXED = "mixed", "answered differently to different charges"
    DENIED = "denied", "denied the charge"


class Sex(TextChoices):
    MALE = "male", "male"
    FEMALE = "female", "female"


class Fate(TextChoices):
    DECEASED = "deceased", "dead"
    MISSING = "missing", "missing"
    AMNESTIED = "amnestied", "released by amnesty or pardon"
    LEFT_COUNTRY = "left_country", "left the country"


class Script(TextChoices):
    """ISO 15924 codes."""

    LATIN = "Latn", "Latin"
    CYRILLIC = "Cyrl", "Cyrillic"
    ARABIC = "Arab", "Arabic"


class NameKind(TextChoices):
    FULL = "full", "name as printed"
    INITIALS = "initials", "initials"
    LETTER = "letter", "a letter used by the court"


class Channel(TextChoices):
    """How a recruit was reached."""

    SOCIAL_MEDIA = "social_media", "social media"
    PRISON = "prison", "in prison"
    POLICE_DETENTION = "police_detention", "after detention by the police"
    ACQUAINTANCE = "acquaintance", "through an acquaintance"
    RECRUITER = "recruiter", "by a recruiter"
    ENLISTMENT_OFFICE = "enlistment_office", "at an enlistment office"
    EMPLOYER = "employer", "through an employer"
    OWN_INITIATIVE = "own_initiative", "on one's own initiative"


class PaymentKind(TextChoices):
    PROMISED = "promised", "promised"
    RECEIVED = "received", "received"


class PaymentPer(TextChoices):
    MONTH = "month", "a month"
    ONCE = "once", "once"
    RECRUIT = "recruit", "a recruit"


class ServiceEnd(TextChoices):
    WOUNDED = "wounded", "wounded"
    CAPTURED = "captured", "captured"
    DESERTED = "deserted", "left the unit"
    DISCHARGED = "discharged", "discharged"
    CONTRACT_ENDED = "contract_ended", "the contract ended"
    KILLED = "killed", "killed"


class Instance(TextChoices):
    FIRST = "first", "first instance"
    APPEAL = "appeal", "appeal"
    CASSATION = "cassation", "cassation or supreme court"


class Outcome(TextChoices):
    CONVICTED = "convicted", "convicted"
    ACQUITTED = "acquitted", "acquitted"
    DISMISSED = "dismissed", "case closed"
    COMPULSORY_TREATMENT = "compulsory_treatment", "sent to compulsory treatment"
    UPHELD = "upheld", "earlier ruling upheld"
    CHANGED = "changed", "earlier ruling changed"
    ANNULLED = "annulled", "earlier ruling quashed"


class Standing(TextChoices):
    """What later rulings left of a ruling. Derived, never typed."""

    STANDING = "standing", "not known to be changed or quashed"
    UPHELD = "upheld", "upheld by a later ruling"
    CHANGED = "changed", "changed by a later ruling"
    ANNULLED = "annulled", "quashed by a later ruling"


class SentenceKind(TextChoices):
    """Only imprisonment enters averages of prison terms."""

    IMPRISONMENT = "imprisonment", "imprisonment"
    SUSPENDED = "suspended", "suspended sentence"
    RESTRICTED_FREEDOM = "restricted_freedom", "restricted freedom"
    CORRECTIVE_LABOUR = "corrective_labour", "corrective labour"
    FINE = "fine", "fine"


class LegalStatus(TextChoices):
    """Legal status of a defendant. Derived from case and verdicts, never typed."""

    ACCUSED = "accused", "accused"
    ON_TRIAL = "on_trial", "on trial"
    CONVICTED_NOT_FINAL = "convicted_not_final", "convicted, not known to be final"
    CONVICTED = "convicted", "convicted"
    ACQUITTED = "acquitted", "acquitted"
    DISMISSED = "dismissed", "case closed"
    COMPULSORY_TREATMENT = "compulsory_treatment", "sent to compulsory treatment"


LEGAL_STATUS_LABELS: dict[str, dict[str, str | None]] = {
    LegalStatus.ACCUSED: {
        "en": "accused, presumed innocent",
        "ru": "обвиняется, считается невиновным",
        "kk": "айыпталуда, кінәсіз деп саналады",
    },
    LegalStatus.ON_TRIAL: {
        "en": "on trial, presumed innocent",
        "ru": "под судом, считается невиновным",
        "kk": "сотта, кінәсіз деп саналады",
    },
    LegalStatus.CONVICTED_NOT_FINAL: {
        "en": "sentenced, the ruling is not known to be final",
        "ru": "вынесен приговор, о вступлении в силу не известно",
        "kk": "үкім шығарылды, заңды күшіне енгені белгісіз",
    },
    LegalStatus.CONVICTED: {
        "en": "convicted by a final ruling",
        "ru": "осуждён вступившим в силу приговором",
        "kk": "заңды күшіне енген үкіммен сотталған",
    },
    LegalStatus.ACQUITTED: {"en": "acquitted", "ru": "оправдан", "kk": "ақталды"},
    LegalStatus.DISMISSED: {
        "en": "case closed without a conviction",
        "ru": "дело прекращено без осуждения",
        "kk": "іс үкімсіз тоқтатылды",
    },
    LegalStatus.COMPULSORY_TREATMENT: {
        "en": "sent to compulsory treatment, no conviction",
        "ru": "направлен на принудительное лечение, без осуждения",
        "kk": "мәжбүрлі емдеуге жіберілді, үкім жоқ",
    },
}


class RegionKind(TextChoices):
    COUNTRY = "country", "country"
    REGION = "region", "region"
    CITY = "city", "city with the rank of a region"
    REPUBLIC = "republic", "republic within a country"


class CourtLevel(TextChoices):
    DISTRICT = "district", "district court"
    CITY = "city", "city court"
    REGIONAL = "regional", "regional court"
    SUPREME = "supreme", "supreme court"


class FormationKind(TextChoices):
    MINISTRY = "ministry", "ministry"
    ARMED_FORCES = "armed_forces", "armed forces"
    INTELLIGENCE_SERVICE = "intelligence_service", "intelligence service"
    RECRUITMENT_NETWORK = "recruitment_network", "recruitment network"
    BATTALION = "battalion", "battalion"
    PENAL_ASSAULT_UNIT = "penal_assault_unit", "assault unit of convicts"
    REGIMENT = "regiment", "regiment"
    MILITARY_UNIT = "military_unit", "military unit"
    PRIVATE_MILITARY_COMPANY = "private_military_company", "private military company"
    SEPARATIST_FORCES = "separatist_forces", "separatist forces"
    SEPARATIST_UNITS = "separatist_units", "separatist units"


class Confiscation(TextChoices):
    MANDATORY = "mandatory", "mandatory"
    OPTIONAL = "optional", "optional"
    NONE = "none", "none"
    DEPENDS_ON_PART = "depends_on_part", "depends on the part of the article"


class PublisherKind(TextChoices):
    NEWSROOM = "newsroom", "newsroom"
    COURT = "court", "court"
    STATE = "state", "state body or official"
    NGO = "ngo", "non-governmental organisation"
    AGGREGATOR = "aggregator", "site that copies others"
    REFERENCE = "reference", "reference data"


class SourceKind(TextChoices):
    MEDIA_INVESTIGATION = "media_investigation", "media investigation"
    NEWS_REPORT = "news_report", "news report"
    COURT_DOCUMENT = "court_document", "court document"
    OFFICIAL_STATISTICS = "official_statistics", "official statistics"
    LEGISLATION = "legislation", "legislation"
    NGO_REPORT = "ngo_report", "report of an NGO"
    REFERENCE_DATA = "reference_data", "reference data"


class Language(TextChoices):
    """Languages that sources come in, ISO 639."""

    ARABIC = "ar", "Arabic"
    AZERBAIJANI = "az", "Azerbaijani"
    BELARUSIAN = "be", "Belarusian"
    BULGARIAN = "bg", "Bulgarian"
    BOSNIAN = "bs", "Bosnian"
    CZECH = "cs", "Czech"
    GERMAN = "de", "German"
    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"
    PERSIAN = "fa", "Persian"
    FINNISH = "fi", "Finnish"
    FRENCH = "fr", "French"
    HEBREW = "he", "Hebrew"
    CROATIAN = "hr", "Croatian"
    ITALIAN = "it", "Italian"
    JAPANESE = "ja", "Japanese"
    GEORGIAN = "ka", "Georgian"
    KAZAKH = "kk", "Kazakh"
    KYRGYZ = "ky", "Kyrgyz"
    LITHUANIAN = "lt", "Lithuanian"
    LATVIAN = "lv", "Latvian"
    DUTCH = "nl", "Dutch"
    NORWEGIAN = "no", "Norwegian"
    POLISH = "pl", "Polish"
    PORTUGUESE = "pt", "Portuguese"
    ROMANIAN = "ro", "Romanian"
    RUSSIAN = "ru", "Russian"
    SLOVAK = "sk", "Slovak"
    SERBIAN = "sr", "Serbian"
    TAJIK = "tg", "Tajik"
    TURKMEN = "tk", "Turkmen"
    TURKISH = "tr", "Turkish"
    UKRAINIAN = "uk", "Ukrainian"
    UZBEK = "uz", "Uzbek"
    CHINESE = "zh", "Chinese"


class ExtentRead(TextChoices):
    """How much of the source was seen by us."""

    FULL = "full", "in full"
    SECTION = "section", "the section that matters"
    EXCERPT = "excerpt", "its opening"
    NOT_READ = "not_read", "not seen; cited by others"


class Rank(TextChoices):
    PREFERRED = "preferred", "preferred"
    NORMAL = "normal", "normal"
    DEPRECATED = "deprecated", "deprecated"


class Measure(TextChoices):
    CASES_OPENED = "cases_opened", "criminal cases opened"
    CASES_REGISTERED = "cases_registered", "criminal cases registered"
    CASES_SENT_TO_COURT = "cases_sent_to_court", "cases sent to court"
    SENTENCES = "sentences", "sentences"
    SENTENCE_TERM = "sentence_term", "length of a sentence"
    PERSONS_CONVICTED = "persons_convicted", "persons convicted"
    PERSONS_DETAINED = "persons_detained", "persons detained"
    SUSPECTS = "suspects", "suspects"
    VERDICT_TEXTS_STUDIED = "verdict_texts_studied", "texts of verdicts studied"
    KILLED = "killed", "persons killed"
    NAMES_IN_LIST = "names_in_list", "names in a published list"
    CONTRACTS_SIGNED = "contracts_signed", "military contracts signed"
    CONTRACTS_EXPIRED = "contracts_expired", "military contracts expired without discharge"
    RECRUITED_FROM_PRISON = "recruited_from_prison", "persons recruited in prison"
    PRISONERS_EXCHANGED = "prisoners_exchanged", "prisoners of war exchanged"
    COUNTRIES_IN_FATALITY_DB = "countries_in_fatality_db", "countries in a database of the dead"


class Unit(TextChoices):
    CASES = "cases", "cases"
    PERSONS = "persons", "persons"
    SENTENCES = "sentences", "sentences"
    TEXTS = "texts", "texts"
    MONTHS = "months", "months"
    COUNTRIES = "countries", "countries"


class Qualifier(TextChoices):
    EXACT = "exact", "exactly"
    APPROXIMATE = "approximate", "about"
    AT_LEAST = "at_least", "at least"
    AT_MOST = "at_most", "at most"


class LinkState(TextChoices):
    """What came of calling the address of a source."""

    ANSWERS = "answers", "answers"
    MOVED = "moved", "moved to another address"
    GONE = "gone", "no longer there"
    FAILS = "fails", "answers with an error"
    UNREACHABLE = "unreachable", "cannot be reached"
    FORBIDDEN = "forbidden", "not called, robots.txt forbids it"
    REFUSED = "refused", "not called, no address of the public web"


class Likeness(TextChoices):
    """Why two cases may be one."""

    NAME = "name", "a defendant of the same name"
    RULING = "ruling", "a ruling of the same court at about the same time"


class RecordKind(TextChoices):
    """What is published, one document each: five kinds of record, five of reference."""

    CASE = "case", "case"
    DEFENDANT = "defendant", "defendant"
    VERDICT = "verdict", "verdict"
    SOURCE = "source", "source"
    STATISTIC = "statistic", "statistic"
    REGION = "region", "region"
    COURT = "court", "court"
    FORMATION = "formation", "formation"
    ARTICLE = "article", "article"
    PUBLISHER = "publisher", "publisher"


class Operation(TextChoices):
    """What a publication did to one record."""

    PUBLISH = "publish", "published"
    CORRECT = "correct", "corrected"
    WITHDRAW = "withdraw", "withdrawn"
    MERGE = "merge", "merged into another record"
    REDACT = "redact", "redacted"


class Deed(TextChoices):
    """What somebody did at the desk. Private, unlike an operation of the ledger."""

    ENTER = "enter", "entered"
    CHANGE = "change", "changed"
    DELETE = "delete", "deleted"
    CHECK = "check", "checked"
    PUBLISH = "publish", "published"
    WITHDRAW = "withdraw", "withdrew"
    MERGE = "merge", "merged"
    REDACT = "redact", "redacted"


class KeyPlan(TextChoices):
    """How much whoever has a key may ask for; the settings give the figures."""

    STANDARD = "standard", "standard"
    BULK = "bulk", "bulk"
