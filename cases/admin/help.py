"""What each field means, in words an editor uses. A test makes sure that none is without."""

from typing import Any

from django.db.models import Model

from cases.models import (
    ApiKey,
    Article,
    Case,
    Citation,
    Court,
    Defendant,
    Formation,
    Name,
    Payment,
    Publisher,
    Region,
    Service,
    Source,
    Statistic,
    Verdict,
)

NOTE = "For editors only; it is never published."
REMARKS = "Published. What does not fit a field, in our own words: no sentence of a source."
SOURCES = "Where this is from."
ALIASES = "Other names it goes by, one a line. They are found when you search."
REFERENCE_ID = (
    "Its address for ever: small Latin letters, digits and hyphens. Left empty, it is made from "
    "the English name."
)

HELP: dict[type[Model], dict[str, str]] = {
    ApiKey: {
        "name": "The program or the newsroom, for colleagues.",
        "contact": "Whom to write to when it asks too much; it is never published.",
        "plan": "How much it may ask for; the settings of the server say how much that is.",
        "expires_at": "UTC. Empty = it does not end by itself.",
    },
    Case: {
        "country": "The country that prosecutes. It gives the case its number.",
        "kind": "What the case is about.",
        "conflict": "When the fighting was that the case is about.",
        "status": "How far it has come, as last reported. “Final” only if a source says so.",
        "court_case_number": "The court's own number, as printed. Empty if none is printed.",
        "region": "Where it is prosecuted.",
        "court": "The court of the first instance.",
        "charges": "Articles as charged, with the part only if it is printed.",
        "opened": "When the case was opened.",
        "sent_to_court": "When it went to court.",
        "procedure": "Empty if no source says it.",
        "summary": "What happened, in one or two sentences of our own, without the name.",
        "remarks": REMARKS,
        "note": NOTE,
    },
    Defendant: {
        "name_withheld": "Tick if we do not publish the full name; then enter initials at most.",
        "sex": "Empty if no source says it.",
        "born": "Date of birth, or the part of it that is known.",
        "age": "Whole years, as printed.",
        "age_as_of": "The day on which the person was of that age: that of the report or ruling.",
        "citizenships": "As stated; several if several are stated.",
        "residence_region": "Where the person lived.",
        "residence_place": "Town or village.",
        "occupation": "What the person did for a living.",
        "fate": "Only what happened apart from the case: death, an amnesty.",
        "plea": "What the person told the court. A plea is no finding.",
        "voluntary_surrender": "Whether the person came forward, as stated by a source.",
        "detained_on": "Day of the arrest.",
        "detained_place": "Where the person was arrested.",
        "recruitment_date": "When the person was reached.",
        "recruitment_place": "Where it happened.",
        "recruitment_channel": "How the person was reached.",
        "recruitment_recruited_by": "Who did it; a name only if a source publishes it.",
        "recruitment_promises": "What was promised, besides money.",
        "recruitment_coercion": "Pressure that was reported: threats, deceit, beating.",
        "recruitment_from_prison": "Whether it happened in a prison.",
        "remarks": REMARKS,
        "note": NOTE,
    },
    Name: {
        "text": "As the source prints it, in the nominative; one row a spelling.",
        "language": "The language of the page that prints it.",
        "script": "Left empty, it is told from the letters.",
        "kind": "Whether this is the name, its initials, or a letter that stands for it.",
    },
    Payment: {
        "kind": "Promised, or really received.",
        "amount": "A number without spaces; of a range its lower end.",
        "amount_max": "Upper end, if the source gives a range.",
        "currency": "Three letters: KZT, RUB, USD.",
        "per": "What the amount is for. Empty if not stated.",
        "remark": "What it was for, if a source says so.",
    },
    Service: {
        "formation": "The unit as exactly as the source names it.",
        "contract_signed": "Day of the contract.",
        "contract_months": "Its term in months.",
        "began": "When the service itself began.",
        "ended": "When it ended.",
        "places": "Where the person served, one place a line.",
        "duties": "What the person did there: driver, assault, repairs.",
        "training": "Where and how long.",
        "wounded_on": "Day of the wound.",
        "end_reason": "Why the service ended.",
        "returned_on": "When the person came home.",
        "remarks": REMARKS,
        "note": NOTE,
    },
    Verdict: {
        "court": "The court that ruled.",
        "instance": "First instance, appeal, or cassation.",
        "date": "Day of the ruling. Empty if only the day of the report is known.",
        "reported": "When it became known; only if the day of the ruling is not printed.",
        "outcome": "What the court decided. “Upheld”, “changed”, “quashed” are for higher courts.",
        "articles": "Articles of the ruling; they may differ from the charge.",
        "sentence_months": "Term in months: six years are 72. Empty if none was reported.",
        "sentence_days": "Days on top of the months.",
        "sentence_kind": "Needed beside a term: only imprisonment enters averages of prison terms.",
        "probation_months": "Term of probation, in months.",
        "confiscation": "Whether property was taken, as stated by a source.",
        "changes": "The earlier ruling that this one is about. Save that one first.",
        "range_checked": "Tick once you read the source again: the term really lies outside the "
        "range of the article.",
        "remarks": REMARKS,
        "note": NOTE,
    },
    Citation: {
        "source": "Who says so. Type a number, a word of the title, or the publisher; “+” adds a "
        "new source here.",
        "locator": "Where in it: ¶ 3, p. 2, 04:10. Empty if you did not note it.",
        "fields": "Tick what this source says, and nothing else.",
        "values": "Only where the source states something else than the row above: one field a "
        "line, such as “age: 26”.",
        "rank": "“Preferred” over others; “deprecated” if it proved wrong and supports nothing.",
    },
    Source: {
        "publisher": "Who stands behind it.",
        "kind": "What it is.",
        "title": "As printed; empty if you have not seen it.",
        "title_language": "Language of the title: en, ru, kk, uk …",
        "language": "Language of the text: en, ru, kk, uk …",
        "url": "The address that you read.",
        "original_url": "Where it first stood, if you read a copy.",
        "archive_url": "A copy that stays, at web.archive.org or archive.ph.",
        "sha256": "Fingerprint of the page as it was read: 64 hexadecimal digits.",
        "captured": "When it was read (UTC).",
        "published": "When it was published.",
        "extent_read": "How much of it one of us really read.",
        "cites": "The sources that it relies on itself.",
        "parallel_of": "Another edition of the same report, which is no independent source.",
        "note": NOTE,
    },
    Statistic: {
        "measure": "What kind of figure it is.",
        "counted": "What exactly was counted, in a few words.",
        "unit": "What one is one of.",
        "country": "Empty if it covers several.",
        "articles": "If the figure is for certain articles only.",
        "formation": "If it is for one formation only.",
        "outcome": "If it is for one outcome only.",
        "procedure": "If it is for one procedure only.",
        "period": "The time it covers: 2025, or 2022-02-24/2025-12.",
        "value": "The number. Empty for a range, or if only words are printed (“dozens”).",
        "value_min": "Lower end of a range.",
        "value_max": "Upper end of a range.",
        "qualifier": "As printed: exactly, about, at least, at most.",
        "counted_by": "Who counted: the General Prosecutor's Office, a deputy, a newsroom.",
        "contradicts": "Figures that cannot be true together with this one, as no number fits "
        "both. A rounding such as “about 700” beside 709 is none. All of them stay, and are shown "
        "as disputed.",
        "derived_from": "The figures that this one is made of.",
        "remarks": REMARKS + " Needed if there is no number.",
        "note": NOTE,
    },
    Region: {
        "id": "Code of ISO 3166: KZ for a country, KZ-59 for a region.",
        "name": "Its name. English at least.",
        "kind": "Country, region, or city with the rank of one.",
        "parent": "The country that it lies in. Empty for a country.",
        "kato": "Code in the classifier of Kazakhstan.",
        "latitude": "Of its middle, in degrees; for maps only.",
        "longitude": "Of its middle, in degrees; for maps only.",
        "aliases": ALIASES,
        "sources": SOURCES,
        "note": NOTE,
    },
    Court: {
        "id": REFERENCE_ID,
        "name": "Its name. English at least.",
        "region": "The region, or country, that it lies in.",
        "level": "Empty if not known.",
        "place": "The town it sits in.",
        "aliases": ALIASES,
        "sources": SOURCES,
        "note": NOTE,
    },
    Formation: {
        "id": REFERENCE_ID,
        "name": "Its name. English at least.",
        "kind": "What it is.",
        "parent": "What it stands under.",
        "active": "When it existed: 2014/2023.",
        "aliases": ALIASES,
        "sources": SOURCES,
        "note": NOTE,
    },
    Article: {
        "id": "Country and number: KZ-172, its part 3 is KZ-172-3.",
        "name": "Its title. English at least.",
        "country": "Whose law it is.",
        "law": "The code: Criminal Code of the Republic of Kazakhstan.",
        "number": "As printed: 172.",
        "part": "Number of the part, if this is one.",
        "parent": "The article that it is a part of.",
        "conduct": "What it forbids, in our own words.",
        "min_months": "Shortest prison term, in months. Empty if none is set.",
        "max_months": "Longest prison term, in months.",
        "life": "Whether it allows life imprisonment.",
        "death": "Whether it allows the death penalty.",
        "confiscation": "Whether property is taken.",
        "other_penalty": "Fines and the like, in our own words.",
        "in_force_from": "Since when it is law.",
        "in_force_until": "Until when it was.",
        "url": "The text of the law.",
        "variants": 'Rival statements of the penalty, as JSON: [{"claim": …, "sources": […]}].',
        "sources": SOURCES,
        "note": NOTE,
    },
    Publisher: {
        "id": REFERENCE_ID,
        "name": "Its name. English at least.",
        "kind": "What it is.",
        "website": "Its start page.",
        "note": NOTE,
    },
}

LABELS = {
    "id": "address",
    "values": "says something else",
    "fields": "supports",
    "recruitment_recruited_by": "recruited by",
    "recruitment_from_prison": "recruited from prison",
}
"""Names of fields where the column's own is not an editor's word."""


def help_for(model: type[Model], field: str) -> str:
    return HELP.get(model, {}).get(field, "")


def label_for(field: Any) -> str:
    return LABELS.get(field.name) or str(field.verbose_name).replace("_", " ")
