"""The facts of each object of a document: their names in the API, on pages, and how to write them.

In the order of the page. Facts that are nowhere here would not be shown; a test finds them.
"""

from django.utils.translation import gettext_lazy as _

from cases.web.records import values
from cases.web.records.values import Field, word

CASE: list[Field] = [
    ("country", _("Country"), values.country),
    ("region", _("Region"), values.region),
    ("kind", _("What the case is about"), word("CaseKind")),
    ("conflict", _("Conflict"), word("Conflict")),
    ("charges", _("Charged under"), values.articles),
    ("status", _("Stage of the case"), word("CaseStatus")),
    ("court", _("Court"), values.court),
    ("court_case_number", _("Number at the court"), values.printed),
    ("opened", _("Opened"), values.day),
    ("sent_to_court", _("Sent to court"), values.day),
    ("procedure", _("Procedure"), word("Procedure")),
    ("remarks", _("Remarks"), values.text),
]

DEFENDANT: list[Field] = [
    ("names", _("Names as published"), values.names),
    ("sex", _("Sex"), word("Sex")),
    ("born", _("Born"), values.day),
    ("age", _("Age"), values.count),
    ("age_as_of", _("Age as of"), values.day),
    ("citizenships", _("Citizenship"), values.countries),
    ("residence_region", _("Region of residence"), values.region),
    ("residence_place", _("Place of residence"), values.text),
    ("occupation", _("Occupation"), values.text),
    ("detained_on", _("Detained"), values.day),
    ("detained_place", _("Place of detention"), values.text),
    ("voluntary_surrender", _("Surrendered voluntarily"), values.yes_no),
    ("plea", _("Answer to the charge"), word("Plea")),
    ("fate", _("What became of the person"), word("Fate")),
    ("payments", _("Money"), values.payments),
    ("remarks", _("Remarks"), values.text),
]

# Cited as one fact, `recruitment` of the defendant.
RECRUITMENT: list[Field] = [
    ("date", _("Recruited"), values.day),
    ("place", _("Place of recruitment"), values.text),
    ("channel", _("How the person was reached"), word("Channel")),
    ("recruited_by", _("Recruited by"), values.text),
    ("promises", _("Promised"), values.text),
    ("coercion", _("Coercion"), values.text),
    ("from_prison", _("Recruited in prison"), values.yes_no),
]

SERVICE: list[Field] = [
    ("formation", _("Formation"), values.formation),
    ("contract_signed", _("Contract signed"), values.day),
    ("contract_months", _("Length of the contract"), values.months),
    ("began", _("Began"), values.day),
    ("ended", _("Ended"), values.day),
    ("places", _("Places"), values.texts),
    ("duties", _("Duties"), values.text),
    ("training", _("Training"), values.text),
    ("wounded_on", _("Wounded"), values.day),
    ("end_reason", _("How it ended"), word("ServiceEnd")),
    ("returned_on", _("Returned"), values.day),
    ("remarks", _("Remarks"), values.text),
]

VERDICT: list[Field] = [
    ("outcome", _("Outcome"), word("Outcome")),
    ("sentence_kind", _("Sentence"), word("SentenceKind")),
    ("sentence_months", _("Length of the sentence"), values.months),
    ("sentence_days", _("And days"), values.count),
    ("probation_months", _("Probation"), values.months),
    ("articles", _("Under"), values.articles),
    ("court", _("Court"), values.court),
    ("instance", _("Instance"), word("Instance")),
    ("date", _("Date"), values.day),
    ("reported", _("Reported"), values.day),
    ("confiscation", _("Confiscation"), values.yes_no),
    ("remarks", _("Remarks"), values.text),
]

STATISTIC: list[Field] = [
    ("measure", _("Measure"), word("Measure")),
    ("counted", _("What exactly was counted"), values.text),
    ("unit", _("Unit"), word("Unit")),
    ("country", _("Country"), values.country),
    ("articles", _("Under"), values.articles),
    ("formation", _("Formation"), values.formation),
    ("outcome", _("Outcome"), word("Outcome")),
    ("procedure", _("Procedure"), word("Procedure")),
    ("period", _("Period"), values.day),
    ("value", _("Value"), values.count),
    ("value_min", _("Lowest value"), values.count),
    ("value_max", _("Highest value"), values.count),
    ("qualifier", _("Precision"), word("Qualifier")),
    ("counted_by", _("Counted by"), values.text),
    ("remarks", _("Remarks"), values.text),
]

SOURCE: list[Field] = [
    ("publisher", _("Publisher"), values.publisher),
    ("kind", _("Kind"), word("SourceKind")),
    ("title", _("Title"), values.printed),
    ("language", _("Language"), values.language),
    ("published", _("Published"), values.day),
    ("url", _("Address"), values.address),
    ("original_url", _("Address it had first"), values.address),
    ("archive_url", _("Archived copy"), values.address),
    ("captured", _("Captured"), values.moment),
    ("sha256", _("SHA-256 of the copy"), values.printed),
    ("extent_read", _("How much was read"), word("ExtentRead")),
    ("parallel_of", _("Another edition of"), values.source),
]

# By their lists in the API. Names stand above, and codes beside them.
REFERENCE: dict[str, list[Field]] = {
    "regions": [
        ("kind", _("Kind"), word("RegionKind")),
        ("parent", _("Within"), values.country),
        ("aliases", _("Other names"), values.printed_list),
    ],
    "courts": [
        ("level", _("Level"), word("CourtLevel")),
        ("region", _("Region"), values.region),
        ("place", _("Place"), values.text),
        ("aliases", _("Other names"), values.printed_list),
    ],
    "formations": [
        ("kind", _("Kind"), word("FormationKind")),
        ("within", _("Under"), values.formations),
        ("active", _("Active"), values.day),
        ("aliases", _("Other names"), values.printed_list),
    ],
    "articles": [
        ("country", _("Country"), values.country),
        ("law", _("Law"), values.text),
        ("conduct", _("What it punishes"), values.text),
        ("penalty", _("Penalty"), values.penalty),
        ("in_force_from", _("In force from"), values.day),
        ("in_force_until", _("In force until"), values.day),
        ("url", _("Text of the law"), values.address),
    ],
    "publishers": [
        ("kind", _("Kind"), word("PublisherKind")),
        ("website", _("Website"), values.address),
    ],
}
